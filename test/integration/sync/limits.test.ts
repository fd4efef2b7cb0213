import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import { BLOCK_BYTES } from '../../../electron/host/sync/limits/allowance.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { type SyncBenchOptions, syncBench } from '../../fixtures/sync-bench.ts'
import { TestClock } from '../../fixtures/test-clock.ts'
import { serveHandler } from '../../fixtures/tuf/simulator-server.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
/** Noon in Greenwich, some day about now: what was signed is neither in the future nor over. */
const NOW = Math.floor(Date.now() / DAY) * DAY + 12 * HOUR
const NIGHT = { from: '01:00', to: '05:00' }
const code = (expected: string) => expect.objectContaining({ code: expected })

/** A console and a server that gives ranges and counts the bytes of artifacts that it was asked for. */
async function scene(
  sizes: Readonly<Record<string, number>>,
  options: SyncBenchOptions & { settings?: Partial<Settings> } = {},
) {
  const repo = new SlipwayRepository({ now: NOW })
  repo.metadata.get('plans').targets = {}
  const files = new Map<string, Uint8Array>()
  for (const [name, size] of Object.entries(sizes)) {
    const priority = name.split('-')[0] as 'security' | 'normal'
    files.set(name, randomBytes(size))
    repo.addTarget('artifacts', `artifacts/${name}`, files.get(name) as Uint8Array)
    const artifacts = [{ component: 'app', target: `artifacts/${name}`, version: '1' }]
    repo.plan({ id: `p-${name}`, priority, notBefore: toInstant(NOW), expires: toInstant(NOW + 9 * DAY), artifacts })
  }
  repo.release()
  const wire = { bytes: 0, requests: 0, onSend: (_sent: number) => {} }
  const url = await serveHandler((request, response) => {
    const bytes = repo.serve(request.url ?? '')
    if (!bytes) return void response.writeHead(404).end()
    if (!request.url?.includes('/artifacts/')) return void response.end(bytes)
    wire.requests += 1
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const end = to === '' ? bytes.length : Math.min(Number(to) + 1, bytes.length)
    const body = bytes.subarray(Number(from), end)
    wire.bytes += body.length
    const range = { 'content-range': `bytes ${from}-${end - 1}/${bytes.length}` }
    response.writeHead(request.headers.range ? 206 : 200, {
      'content-length': body.length,
      etag: '"1"',
      ...(request.headers.range && range),
    })
    response.end(body)
  })
  const { settings, ...rest } = options
  const bench = syncBench({ clock: new TestClock(NOW), ...rest })
  bench.chosen.settings = { ...bench.chosen.settings, ...settings }
  await bench.sync.adopt(url, sha256Hex(repo.firstRoot()), 'kari')
  const states = () => bench.sync.state().items.map(({ state, reason }) => [state, reason?.code ?? null])
  return { repo, wire, url, files, states, ...bench }
}

describe('a budget of bytes', () => {
  it('is told before the first byte, kept to a block on the wire, and gone on from at that byte', async () => {
    const size = 6 * BLOCK_BYTES + 1000
    const { sync, wire, files, artifacts } = await scene({ 'security-fix': 1000, 'normal-app': size })
    await sync.check('kari')
    const plan = await sync.plan({ budget: 1000 + 2 * BLOCK_BYTES })
    expect(plan.groups).toEqual([
      expect.objectContaining({ priority: 'security', files: 1, bytes: 1000, now: 1000, waits: null }),
      expect.objectContaining({
        priority: 'normal',
        bytes: size,
        now: 2 * BLOCK_BYTES,
        waits: code('sync.over-budget'),
      }),
    ])
    expect(plan.etaFrom).toBeNull()
    expect(wire.requests).toBe(0)
    let used = 0
    sync.onChange(() => {
      used = Math.max(used, sync.state().limits.used)
    })
    const view = await sync.start('kari', { budget: 1000 + 2 * BLOCK_BYTES })
    expect(view.lastError).toBeNull()
    expect(used).toBe(wire.bytes)
    expect(wire.bytes).toBeLessThanOrEqual(1000 + 3 * BLOCK_BYTES)
    const part = wire.bytes - 1000
    expect(part % BLOCK_BYTES).toBe(0)
    expect(view.items.map(({ state, done, reason }) => [state, done, reason])).toEqual([
      ['held', 1000, null],
      [
        'waiting',
        part,
        expect.objectContaining({
          code: 'sync.over-budget',
          detail: { target: 'artifacts/normal-app', needed: size - part, budget: 1000 + 2 * BLOCK_BYTES },
        }),
      ],
    ])
    const app = sha256Hex(files.get('normal-app') as Uint8Array)
    expect((await stat(`${artifacts.path(app)}.part`)).size).toBe(part)
    expect((await sync.start('kari')).toFetch).toBe(0)
    expect(wire.bytes).toBe(1000 + size)
  })
})

describe('the hours of a sync', () => {
  it('hold files back and not the lists, say when they begin, and then it goes on in the same name', async () => {
    const { sync, states, clock, wire, library, recorder, facts } = await scene(
      { 'normal-app': 5000 },
      { settings: { syncWindow: NIGHT } },
    )
    const view = await sync.start('kari')
    expect(library.current()?.plans.size).toBe(1)
    expect(states()).toEqual([['waiting', 'sync.outside-window']])
    const opensAt = NOW + 13 * HOUR
    expect(view).toMatchObject({ lastError: null, goesOn: { when: 'window', at: opensAt } })
    expect(view.groups[0]?.waits).toMatchObject({ code: 'sync.outside-window', detail: { ...NIGHT, opensAt } })
    expect(await sync.goOn()).toBe(false)
    expect(wire.requests).toBe(0)
    expect(JSON.parse(facts.get('sync.waiting') ?? '')).toEqual({ by: 'kari', when: 'window' })
    clock.advance(13 * HOUR)
    expect(await sync.goOn()).toBe(true)
    expect(states()).toEqual([['held', null]])
    expect(sync.state().goesOn).toBeNull()
    expect(facts.get('sync.waiting')).toBeNull()
    expect(recorder.entries.filter(({ action }) => action === 'trust.refreshed').map(({ actor }) => actor)).toEqual([
      'kari',
      'kari',
    ])
    expect(await sync.goOn()).toBe(false)
  })

  it('end a transfer at the border of a block, and a restart remembers what waits', async () => {
    const clock = new TestClock(NOW + 14 * HOUR)
    const first = await scene({ 'normal-app': 8 * BLOCK_BYTES }, { clock, settings: { syncWindow: NIGHT } })
    const off = first.sync.onChange(() => {
      if ((first.sync.state().items[0]?.done ?? 0) > 100_000) clock.wall = NOW + 17 * HOUR
    })
    const view = await first.sync.start('kari')
    off()
    const done = view.items[0]?.done ?? 0
    expect(first.states()).toEqual([['waiting', 'sync.outside-window']])
    expect([done > 0, done % BLOCK_BYTES]).toEqual([true, 0])
    first.close()
    const second = syncBench({ dir: first.dir, clock })
    second.chosen.settings = { ...second.chosen.settings, syncWindow: NIGHT }
    expect(second.sync.state()).toMatchObject({ goesOn: { when: 'window', at: NOW + 37 * HOUR } })
    clock.advance(20 * HOUR)
    expect(await second.sync.goOn()).toBe(true)
    expect(second.sync.state()).toMatchObject({ toFetch: 0 })
    expect(first.wire.bytes - 8 * BLOCK_BYTES).toBeLessThanOrEqual(8 * BLOCK_BYTES - done)
  })

  it('are set aside by who says for how long, and what a person has stopped does not go on', async () => {
    const { sync, states, clock } = await scene({ 'normal-app': 5000 }, { settings: { syncWindow: NIGHT } })
    await sync.start('kari')
    await sync.stop()
    expect(sync.state().goesOn).toBeNull()
    clock.advance(13 * HOUR)
    expect(await sync.goOn()).toBe(false)
    clock.advance(6 * HOUR)
    expect((await sync.start('kari', { hours: 1 })).toFetch).toBe(0)
    expect(states()).toEqual([['held', null]])
    await expect(sync.start('kari', { until: '2020-01-01T00:00:00Z' })).rejects.toEqual(code('rpc.bad-input'))
  })
})

describe('a link that is paid by the byte', () => {
  const vsat = { id: 'vsat-1', name: 'VSAT', metered: true as boolean | null }
  it('carries what is urgent, as the system or a person says, and the rest comes on another by itself', async () => {
    const here = { network: { ...vsat } }
    const { sync, states, wire, recorder } = await scene(
      { 'security-fix': 1000, 'normal-app': 5000 },
      { probe: async () => here.network },
    )
    const view = await sync.start('kari')
    expect(view.limits.link).toMatchObject({ network: 'VSAT', metered: true, by: 'system', system: true, said: null })
    expect(states()).toEqual([
      ['held', null],
      ['waiting', 'sync.metered'],
    ])
    expect(wire.bytes).toBe(1000)
    expect(view.goesOn).toEqual({ when: 'unmetered', at: null })
    expect(await sync.goOn()).toBe(false)
    await sync.setLink(true, 'ola')
    here.network = { ...vsat, metered: false }
    expect(await sync.goOn()).toBe(false)
    expect(sync.state().limits.link).toMatchObject({ metered: true, by: 'person' })
    expect(recorder.entries.at(-1)).toMatchObject({
      action: 'sync.link-set',
      actor: 'ola',
      subject: 'VSAT',
      detail: { metered: true },
    })
    here.network = { id: 'quay', name: 'Quay 4', metered: null }
    expect(await sync.goOn()).toBe(true)
    expect(states().map(([state]) => state)).toEqual(['held', 'held'])
  })

  it('can be said for one sync, with a bound of its own, and survives a restart', async () => {
    const first = await scene({ 'security-fix': 5 * BLOCK_BYTES }, { settings: { syncMeteredBytes: 2 * BLOCK_BYTES } })
    const view = await first.sync.start('kari', { metered: true })
    expect(view.items[0]).toMatchObject({ state: 'waiting', done: 2 * BLOCK_BYTES, reason: { code: 'sync.metered' } })
    expect(first.wire.bytes).toBe(2 * BLOCK_BYTES)
    await first.sync.setLink(true, 'kari')
    first.close()
    const second = syncBench({ dir: first.dir, clock: first.clock })
    expect(second.sync.state().limits.link).toMatchObject({ network: null, metered: true, said: true })
    expect((await second.sync.start('kari', { metered: false })).toFetch).toBe(0)
  })
})

describe('a pause', () => {
  it('stops, outlives a restart with its name and time, lets lists be checked, and goes on where it ended', async () => {
    const first = await scene({ 'normal-app': 12 * BLOCK_BYTES })
    const pausing: Promise<unknown>[] = []
    const off = first.sync.onChange(() => {
      if ((first.sync.state().items[0]?.done ?? 0) === 0) return
      off()
      pausing.push(first.sync.pause('ola'), first.sync.pause('kari'))
    })
    await expect(first.sync.start('kari')).rejects.toEqual(code('cancelled'))
    await Promise.all(pausing)
    expect(first.sync.state()).toMatchObject({ phase: 'idle', lastError: null, paused: { by: 'ola', since: NOW } })
    const done = first.sync.state().items[0]?.done ?? 0
    expect(done).toBeGreaterThan(0)
    await first.sync.pause('kari')
    first.close()
    const { sync, recorder } = syncBench({ dir: first.dir, clock: first.clock })
    expect(sync.state().paused).toEqual({ by: 'ola', since: NOW })
    await expect(sync.start('kari')).rejects.toMatchObject({ code: 'sync.paused', detail: { by: 'ola', since: NOW } })
    await sync.check('kari')
    expect(sync.state().items[0]?.done).toBeGreaterThanOrEqual(done)
    expect(await sync.goOn()).toBe(false)
    expect(await sync.resume('kari')).toMatchObject({ paused: null, toFetch: 0 })
    expect(recorder.entries.find(({ action }) => action === 'sync.resumed')).toMatchObject({
      actor: 'kari',
      detail: { pausedBy: 'ola' },
    })
  })
})

describe('times before the first byte', () => {
  it('are told by the last sync over the same network, or by how the lists came', async () => {
    const here = { network: { id: 'quay', name: 'Quay 4', metered: null } }
    const clock = new TestClock(NOW)
    const bench = await scene(
      { 'security-fix': 200_000, 'normal-app': 300_000 },
      { clock, probe: async () => here.network },
    )
    const off = bench.sync.onChange(() => clock.advance(500))
    const checked = await bench.sync.check('kari')
    expect(checked).toMatchObject({ etaFrom: 'lists', toFetch: 500_000, rate: null })
    expect(checked.groups.map(({ etaMs }) => etaMs)).toEqual([expect.any(Number), checked.etaMs])
    await bench.sync.start('kari', { budget: 200_000 })
    off()
    expect((await bench.sync.plan({})).etaFrom).toBe('last-sync')
    here.network = { id: 'vsat', name: 'VSAT', metered: null }
    expect((await bench.sync.plan({})).etaFrom).toBe('lists')
  })
})
