import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import type { Fetcher } from '../../../electron/host/sync/fetcher.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { atOnce } from '../../../shared/steps.ts'
import { answer } from '../../fixtures/file-server.ts'
import { type SyncBenchOptions, syncBench } from '../../fixtures/sync-bench.ts'
import { TestClock } from '../../fixtures/test-clock.ts'
import { serveHandler } from '../../fixtures/tuf/simulator-server.ts'
import { IMAGE, SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'

const DAY = 86_400_000
const NOW = Math.floor(Date.now() / 1000) * 1000

/** A console that trusts a depot on loopback; `cut` breaks each artifact transfer after so many bytes. */
async function scene(options: SyncBenchOptions & { adopted?: boolean } = {}) {
  const repo = new SlipwayRepository({ now: NOW })
  const weather = { cut: null as number | null, down: false, requests: 0 }
  const url = await serveHandler((request, response) => {
    weather.requests += 1
    const bytes = repo.serve(request.url ?? '')
    if (weather.down) response.destroy()
    else if (!bytes) response.writeHead(404).end()
    else answer({ bytes, cutAfter: request.url?.includes('/artifacts/') ? weather.cut : null }, request, response)
  })
  const bench = syncBench({ clock: new TestClock(NOW + 1000), ...options })
  const fingerprint = sha256Hex(repo.firstRoot())
  if (options.adopted !== false) await bench.sync.adopt(url, fingerprint, 'kari')
  return { repo, weather, url, fingerprint, ...bench }
}
const code = (expected: string) => expect.objectContaining({ code: expected })

describe('first trust', () => {
  it('shows a root without trusting it, and trusts the one that was confirmed', async () => {
    const { sync, url, fingerprint, trust, library, recorder } = await scene({ adopted: false })
    expect(await sync.preview(url)).toEqual({
      url,
      version: 1,
      expires: NOW + 30 * DAY,
      fingerprint,
      rootKeys: 1,
      rootThreshold: 1,
    })
    expect(trust.pin()).toBeNull()
    await sync.adopt(url, fingerprint, 'kari')
    expect(trust.pin()).toEqual({ url, fingerprint })
    expect(library.current()).toBeNull()
    expect(recorder.entries).toMatchObject([{ actor: 'kari', action: 'trust.adopted', subject: url }])
  })

  it('refuses another fingerprint, and stays without trust', async () => {
    const { sync, url, trust } = await scene({ adopted: false })
    await expect(sync.adopt(url, 'ab'.repeat(32), 'kari')).rejects.toEqual(code('trust.fingerprint-mismatch'))
    expect(trust.pin()).toBeNull()
    await expect(sync.check('kari')).rejects.toEqual(code('sync.no-server'))
  })

  it('takes an older word of the publisher after keys were rotated', async () => {
    const { repo, sync, url, fingerprint, library } = await scene({ adopted: false })
    for (let i = 0; i < 3; i += 1) repo.bump('root')
    repo.published.set('root.json', repo.file('4.root.json'))
    expect((await sync.preview(url)).version).toBe(4)
    await sync.adopt(url, fingerprint, 'kari')
    await sync.check('kari')
    expect(library.current()?.roles.find(({ name }) => name === 'root')?.version).toBe(4)
  })

  it('changes the address of the publisher, and never the publisher', async () => {
    const { sync, url, fingerprint, trust, library } = await scene()
    await sync.check('kari')
    await expect(sync.adopt(url, 'ab'.repeat(32), 'kari')).rejects.toEqual(code('trust.already-adopted'))
    await sync.adopt(`${url}/`, fingerprint, 'kari')
    expect(trust.pin()?.url).toBe(`${url}/`)
    expect(library.current()?.plans.size).toBe(1)
    await sync.check('kari')
  })

  it('says when a server is no repository', async () => {
    const { sync } = await scene({ adopted: false })
    const portal = await serveHandler((_, response) => void response.end('<html>Welcome to Hotel Harbour</html>'))
    await expect(sync.preview(portal)).rejects.toEqual(code('sync.not-a-repository'))
    const empty = await serveHandler((_, response) => void response.writeHead(404).end())
    await expect(sync.preview(empty)).rejects.toEqual(code('sync.not-a-repository'))
    await expect(sync.preview('ftp://x')).rejects.toEqual(code('sync.bad-url'))
  })
})

describe('a check', () => {
  it('brings metadata, policy and plans, and no artifact', async () => {
    const { sync, library, recorder, repo } = await scene()
    const view = await sync.check('kari')
    expect(library.current()?.plans.has('crane-2.5.0')).toBe(true)
    expect(view).toMatchObject({
      phase: 'idle',
      toFetch: IMAGE.length,
      storedBytes: 0,
      lastError: null,
      lastSuccess: NOW + 1000,
    })
    expect(view.items).toEqual([
      {
        target: 'artifacts/crane-2.5.0.bin',
        title: 'Crane 2.5.0',
        plans: ['crane-2.5.0'],
        priority: 'normal',
        bytes: IMAGE.length,
        done: 0,
        sha256: sha256Hex(IMAGE),
        state: 'waiting',
        move: IMAGE.length,
        way: { kind: 'whole', from: null, bytes: IMAGE.length, refused: [] },
        reason: null,
      },
    ])
    expect(recorder.actions()).toEqual(['trust.adopted', 'trust.refreshed'])
    expect(repo.requests.some((name) => name.includes('crane-2.5.0.bin'))).toBe(false)
  })

  it('fetches no document twice', async () => {
    const { sync, repo } = await scene()
    await sync.check('kari')
    repo.requests.length = 0
    repo.timestamp['x-note'] = 'signed anew'
    repo.updateTimestamp()
    await sync.check('kari')
    expect(repo.requests).toEqual(['2.root.json', 'timestamp.json'])
  })

  it('leaves what was good in force when the next is not, and records the refusal', async () => {
    const { sync, library, repo, recorder, clock, facts } = await scene()
    await sync.check('kari')
    const before = library.current()
    repo.plan({ id: 'crane-2.6.0', notBefore: toInstant(NOW), expires: toInstant(NOW + DAY) })
    repo.signers.set('plans', [])
    repo.release()
    await expect(sync.check('kari')).rejects.toEqual(code('trust.threshold'))
    expect(library.current()).toBe(before)
    expect(sync.state().lastError).toMatchObject({ code: 'trust.threshold', detail: { role: 'plans' } })
    expect(recorder.entries.at(-1)).toMatchObject({ action: 'trust.refused', detail: { code: 'trust.threshold' } })
    clock.advance(DAY)
    expect(facts.get('trust.pin')).not.toBeNull()
  })

  it('remembers versions that it has seen, as a guard against rollback', async () => {
    const first = await scene()
    const { repo } = first
    await first.sync.check('kari')
    const old = repo.file('timestamp.json')
    repo.metadata.get('plans').targets['plans/bad.json'] = 'nonsense'
    repo.release()
    await expect(first.sync.check('kari')).rejects.toEqual(code('trust.bad-metadata'))
    // A restart, and a server that would have us forget.
    first.close()
    const second = syncBench({ dir: first.dir, clock: first.clock })
    expect(second.library.current()?.plans.size).toBe(1)
    repo.published.set('timestamp.json', old)
    await expect(second.sync.check('kari')).rejects.toEqual(code('trust.rollback'))
    delete repo.metadata.get('plans').targets['plans/bad.json']
    repo.release()
    await second.sync.check('kari')
    expect(second.library.current()?.roles.find(({ name }) => name === 'timestamp')?.version).toBe(
      repo.timestamp.version,
    )
  })

  it('refuses while the clock is far behind what was signed, and goes on once it is set', async () => {
    const { sync, clock, library } = await scene({ clock: new TestClock(0) })
    await expect(sync.check('kari')).rejects.toEqual(code('trust.clock-behind'))
    expect(library.current()).toBeNull()
    clock.wall = NOW - 3600_000
    await sync.check('kari')
    expect(library.current()?.syncedAt).toBe(NOW)
  })

  it('makes good a clock that once ran ahead', async () => {
    const { sync, clock, time } = await scene()
    await sync.check('kari')
    clock.wall += 3650 * DAY
    time.observe()
    clock.wall -= 3650 * DAY
    expect(time.now()).toMatchObject({ source: 'high-water', clockBehind: true })
    await sync.check('kari')
    expect(time.now()).toMatchObject({ source: 'wall', clockBehind: false })
  })

  it('fails when the record cannot be written, and then nothing has changed', async () => {
    const { sync, recorder, library, trust } = await scene()
    recorder.fault = new Error('disk')
    await expect(sync.check('kari')).rejects.toThrow('disk')
    expect(library.current()).toBeNull()
    expect(atOnce(trust.stateSteps())).toBeNull()
  })
})

describe('a sync', () => {
  it('brings artifacts, verified and recorded, and then uploads', async () => {
    const phases: string[] = []
    const bench = await scene({ upload: async () => void phases.push('upload') })
    const { sync, artifacts, recorder } = bench
    sync.onChange(() => {
      const { phase } = sync.state()
      if (phases.at(-1) !== phase) phases.push(phase)
    })
    const view = await sync.start('kari')
    expect(phases).toEqual(['metadata', 'artifacts', 'audit', 'upload', 'idle'])
    expect(view).toMatchObject({ toFetch: 0, storedBytes: IMAGE.length, lastError: null })
    expect(view.items[0]?.state).toBe('held')
    expect(recorder.entries.at(-1)).toMatchObject({
      action: 'sync.artifact-stored',
      subject: 'artifacts/crane-2.5.0.bin',
    })
    const reader = await artifacts.open(sha256Hex(IMAGE), new AbortController().signal)
    expect(Buffer.from(await reader.read(0, 1000))).toEqual(IMAGE)
    await reader.close()
  })

  it('gets there over a link that breaks all the time', async () => {
    const { sync, repo, weather, artifacts } = await scene()
    const big = randomBytes(600_000)
    repo.addTarget('artifacts', 'artifacts/crane-2.5.0.bin', big)
    repo.release()
    weather.cut = 25_000
    const view = await sync.start('kari')
    expect(view).toMatchObject({ toFetch: 0, lastError: null })
    expect(artifacts.has(sha256Hex(big))).toBe(true)
  })

  it('gives up a link that brings nothing, keeps the reason in view, and tries again when told', async () => {
    const { sync, weather } = await scene()
    await sync.check('kari')
    weather.cut = 0
    const view = await sync.start('kari')
    expect(view.lastError?.code).toBe('sync.stalled')
    expect(view.items[0]).toMatchObject({ state: 'failed', reason: { code: 'sync.stalled' } })
    weather.cut = null
    expect((await sync.start('kari')).items[0]).toMatchObject({ state: 'held', reason: null })
  })

  it('stays within the budget, most urgent first', async () => {
    const { sync, repo } = await scene()
    const artifact = (name: string, length: number) =>
      repo.addTarget('artifacts', `artifacts/${name}`, randomBytes(length))
    const plan = (id: string, priority: 'security' | 'optional', target: string) =>
      repo.plan({
        id,
        priority,
        notBefore: toInstant(NOW),
        expires: toInstant(NOW + DAY),
        artifacts: [{ component: 'app', target: `artifacts/${target}`, version: '2.6.0' }],
      })
    artifact('urgent.bin', 1000)
    artifact('large.bin', 5000)
    plan('urgent', 'security', 'urgent.bin')
    plan('large', 'optional', 'large.bin')
    repo.release()
    const view = await sync.start('kari', { budget: 1500 })
    expect(view.items.map(({ target, state, reason }) => [target, state, reason?.code])).toEqual([
      ['artifacts/urgent.bin', 'held', undefined],
      ['artifacts/crane-2.5.0.bin', 'held', undefined],
      ['artifacts/large.bin', 'waiting', 'sync.over-budget'],
    ])
    expect(view.items[2]?.reason?.detail).toEqual({ target: 'artifacts/large.bin', needed: 5000, budget: 1500 })
  })

  it('wants only what fits the chosen site', async () => {
    const { sync, repo, site } = await scene()
    repo.addTarget('artifacts', 'artifacts/winch.swu', randomBytes(100))
    repo.plan({
      id: 'winch',
      notBefore: toInstant(NOW),
      expires: toInstant(NOW + DAY),
      scope: { sites: ['*'], deviceTypes: ['acme-winch'] },
      artifacts: [{ component: 'app', target: 'artifacts/winch.swu', version: '1' }],
    })
    repo.release()
    expect((await sync.check('kari')).items).toHaveLength(2)
    site.chosen = 'harbour'
    expect(sync.state().items.map(({ target }) => target)).toEqual(['artifacts/crane-2.5.0.bin'])
  })

  it('wants nothing of a plan that has ended', async () => {
    const { sync, clock } = await scene()
    await sync.check('kari')
    clock.advance(20 * DAY)
    expect(sync.state().items).toEqual([])
  })

  it('can be stopped, and goes on from there', async () => {
    const { sync, repo } = await scene()
    const big = randomBytes(3_000_000)
    repo.addTarget('artifacts', 'artifacts/crane-2.5.0.bin', big)
    repo.release()
    const stopping = new Promise<void>((resolve) => {
      const off = sync.onChange(() => {
        if ((sync.state().items[0]?.done ?? 0) === 0) return
        off()
        void sync.stop().then(resolve)
      })
    })
    await expect(sync.start('kari')).rejects.toEqual(code('cancelled'))
    await stopping
    const stopped = sync.state()
    expect(stopped).toMatchObject({ phase: 'idle', lastError: null })
    expect(stopped.items[0]?.state).toBe('waiting')
    expect(await sync.start('kari')).toMatchObject({ toFetch: 0 })
  })

  it('is one at a time', async () => {
    const { sync } = await scene()
    const first = sync.start('kari')
    await expect(sync.check('kari')).rejects.toEqual(code('sync.busy'))
    await first
    await sync.check('kari')
  })

  it('forgets an artifact that has rotted, and fetches it again', async () => {
    const { sync, artifacts } = await scene()
    await sync.start('kari')
    writeFileSync(artifacts.path(sha256Hex(IMAGE)), 'rotten')
    await expect(artifacts.open(sha256Hex(IMAGE), new AbortController().signal)).rejects.toEqual(
      code('artifact.corrupt'),
    )
    expect(sync.state().items[0]?.state).toBe('waiting')
    await sync.start('kari')
    expect(readFileSync(artifacts.path(sha256Hex(IMAGE)))).toEqual(IMAGE)
  })

  it('sweeps what no plan names any more', async () => {
    const { sync, repo } = await scene()
    await sync.start('kari')
    expect(await sync.sweep()).toBe(0)
    repo.metadata.get('plans').targets = {}
    repo.release()
    await sync.check('kari')
    expect(await sync.sweep()).toBe(IMAGE.length)
    expect(sync.state().storedBytes).toBe(0)
  })
})

describe('offline', () => {
  const forbidden: Fetcher = {
    bytes: () => Promise.reject(new Error('a network call was tried')),
    open: () => Promise.reject(new Error('a network call was tried')),
  }

  it('tries not one network call, and survives a restart', async () => {
    const first = await scene()
    await first.sync.start('kari')
    await first.sync.setOffline(true, 'kari')
    first.close()
    const { sync, library, url, fingerprint } = {
      ...first,
      ...syncBench({ dir: first.dir, clock: first.clock, fetcher: forbidden }),
    }
    expect(sync.state()).toMatchObject({ offlineChosen: true, toFetch: 0 })
    for (const act of [
      () => sync.check('kari'),
      () => sync.start('kari'),
      () => sync.preview(url),
      () => sync.adopt(url, fingerprint, 'kari'),
    ]) {
      await expect(act()).rejects.toEqual(code('sync.offline'))
    }
    expect(library.current()?.plans.size).toBe(1)
    await sync.setOffline(false, 'kari')
    await expect(sync.check('kari')).rejects.toThrow('a network call was tried')
  })

  it('stops what is going on, and records who chose it', async () => {
    const { sync, repo, recorder, weather } = await scene()
    repo.addTarget('artifacts', 'artifacts/crane-2.5.0.bin', randomBytes(3_000_000))
    repo.release()
    const running = sync.start('kari').catch((error: unknown) => error)
    await new Promise<void>((resolve) => {
      sync.onChange(() => (sync.state().items[0]?.done ?? 0) > 0 && resolve())
    })
    await sync.setOffline(true, 'ola')
    const { requests } = weather
    expect(await running).toEqual(code('cancelled'))
    expect(recorder.entries.at(-1)).toMatchObject({ actor: 'ola', action: 'sync.offline-set', subject: 'offline' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(weather.requests).toBe(requests)
  })

  it('opens what it has, long after the timestamp has ended', async () => {
    const first = await scene()
    await first.sync.start('kari')
    first.close()
    first.clock.advance(29 * DAY)
    const later = syncBench({ dir: first.dir, clock: first.clock, fetcher: forbidden })
    expect(later.library.current()?.plans.size).toBe(1)
    expect(later.artifacts.has(sha256Hex(IMAGE))).toBe(true)
  })
})

describe('a store that was tampered with', () => {
  const tampered = async (change: string) => {
    const first = await scene()
    await first.sync.start('kari')
    first.db.prepare(change).run()
    first.close()
    return { ...first, ...syncBench({ dir: first.dir, clock: first.clock }) }
  }

  it.each([
    ["DELETE FROM trust_file WHERE name = 'good/timestamp'", 'missing'],
    ["DELETE FROM trust_file WHERE name LIKE 'good/document/%'", 'missing'],
    ["DELETE FROM trust_file WHERE name LIKE 'good/root/%'", 'trust.fingerprint-mismatch'],
    ["UPDATE trust_file SET bytes = CAST('{}' AS BLOB) WHERE name = 'good/snapshot'", 'trust.bad-metadata'],
    [
      "UPDATE trust_file SET bytes = (SELECT bytes FROM trust_file WHERE name = 'good/role/sites') WHERE name = 'good/role/plans'",
      'trust.threshold',
    ],
    ['UPDATE trust_sync SET synced_at = synced_at + 99999999999', 'trust.expired'],
    ["UPDATE trust_sync SET json = 'x'", 'store.corrupt'],
    [
      "UPDATE fact SET value = replace(value, substr(json_extract(value, '$.fingerprint'), 1, 4), '0000') WHERE name = 'trust.pin'",
      'trust.fingerprint-mismatch',
    ],
  ])('is not trusted, and is told from one that is empty: %s', async (change, reason) => {
    const { library } = await tampered(change)
    const detail = expect.objectContaining({ reason })
    expect(() => library.current()).toThrow(expect.objectContaining({ code: 'trust.cache-corrupt', detail }))
  })

  it.each(["DELETE FROM trust_file WHERE name LIKE 'good/%'", "UPDATE trust_file SET bytes = CAST('{}' AS BLOB)"])(
    'is healed by the next sync: %s',
    async (change) => {
      const { sync, library } = await tampered(change)
      expect(sync.state()).toMatchObject({ items: [], lastSuccess: null })
      await sync.start('kari')
      expect(library.current()?.plans.size).toBe(1)
      expect(sync.state().items[0]?.state).toBe('held')
    },
  )

  it('is healed on the record: what was damaged is named, what was only missing is not', async () => {
    const spoilt = await tampered(
      "UPDATE trust_file SET bytes = CAST('{' AS BLOB) WHERE name IN ('good/timestamp', 'good/role/plans')",
    )
    await spoilt.sync.check('kari')
    const detail = { replaced: ['timestamp: trust.bad-json', 'plans: trust.bad-json'] }
    expect(spoilt.recorder.entries.at(-1)).toMatchObject({ action: 'trust.refreshed', detail })
    const emptied = await tampered("DELETE FROM trust_file WHERE name IN ('good/timestamp', 'good/role/plans')")
    await emptied.sync.check('kari')
    expect(emptied.recorder.entries.at(-1)?.detail).not.toHaveProperty('replaced')
  })
})
