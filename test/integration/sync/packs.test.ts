import { appendFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import { HttpFetcher } from '../../../electron/host/sync/http-fetcher.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { answer } from '../../fixtures/file-server.ts'
import { harbour, issue, NOW, packed, repository, ship } from '../../fixtures/packs.ts'
import { syncBench } from '../../fixtures/sync-bench.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { TestClock } from '../../fixtures/test-clock.ts'
import { serveHandler } from '../../fixtures/tuf/simulator-server.ts'
import { IMAGE } from '../../fixtures/tuf/slipway-repository.ts'

const DAY = 86_400_000
const code = (expected: string) => expect.objectContaining({ code: expected })

describe('a pack', () => {
  it('carries first trust, documents and artifacts to a console that never sees a network', async () => {
    const { stick, made, fingerprint, url, library: sent, recorder } = await packed()
    expect(made).toMatchObject({ artifacts: 1, bytes: IMAGE.length, leftOut: [], until: NOW + 20 * DAY + DAY })
    expect(recorder.entries.at(-1)).toMatchObject({ actor: 'kari', action: 'pack.made' })

    const { packs, library, artifacts, gate, trust, sync } = await ship()
    expect(await packs.look(stick)).toMatchObject({ url, artifacts: 1, mine: null, root: { fingerprint } })
    await expect(packs.take(stick, 'anna')).rejects.toEqual(code('sync.no-server'))
    await expect(packs.adopt(stick, 'ab'.repeat(32), 'anna')).rejects.toEqual(code('trust.fingerprint-mismatch'))
    expect(trust.pin()).toBeNull()
    await packs.adopt(stick, fingerprint, 'anna')

    const seen: string[] = []
    packs.onChange(() => seen.push(packs.state().phase))
    const taken = await packs.take(stick, 'anna')
    expect(taken).toMatchObject({ issuedAt: NOW, plans: 1, artifacts: 1, refused: [], toFetch: 0 })
    expect(seen).toContain('taking')
    expect(packs.state().phase).toBe('idle')
    expect(gate.offline).toBe(true)
    expect([...(library.current()?.plans.keys() ?? [])]).toEqual([...(sent.current()?.plans.keys() ?? [])])
    expect(readFileSync(artifacts.path(sha256Hex(IMAGE)))).toEqual(IMAGE)
    expect(sync.state()).toMatchObject({ toFetch: 0, offlineChosen: true, lastError: null })
  })

  it('is a plain mirror: a web server that knows nothing serves it to any console', async () => {
    const { pack, fingerprint } = await packed()
    const url = await serveHandler((request, response) => {
      const path = join(pack, decodeURIComponent(request.url ?? ''))
      const there = statSync(path, { throwIfNoEntry: false })?.isFile()
      if (there) answer({ bytes: readFileSync(path) }, request, response)
      else response.writeHead(404).end()
    })
    const { sync, artifacts } = syncBench({ clock: new TestClock(NOW + 3000) })
    await sync.adopt(url, fingerprint, 'anna')
    await sync.start('anna')
    expect(artifacts.has(sha256Hex(IMAGE))).toBe(true)
  })

  it('counts from the signed time of issue, however long it lay in a drawer', async () => {
    const { stick, fingerprint } = await packed()
    const late = await ship(new TestClock(NOW + 12 * DAY))
    await late.packs.adopt(stick, fingerprint, 'anna')
    // Its timestamp was good for a day, its snapshot for a week; both were good when they were issued.
    expect(await late.packs.take(stick, 'anna')).toMatchObject({ issuedAt: NOW, until: NOW + 21 * DAY })
    expect(late.library.current()?.syncedAt).toBe(NOW)

    const tooLate = await ship(new TestClock(NOW + 21 * DAY))
    await tooLate.packs.adopt(stick, fingerprint, 'anna')
    await expect(tooLate.packs.take(stick, 'anna')).rejects.toEqual(code('trust.offline-too-long'))
    expect(tooLate.library.current()).toBeNull()
    expect(tooLate.artifacts.totalBytes()).toBe(0)
  })

  it('proves that it is at least as late as it was issued, and nothing about now', async () => {
    const { stick, fingerprint } = await packed()
    const clock = new TestClock(NOW + 400 * DAY)
    const { packs, time } = await ship(clock)
    await packs.adopt(stick, fingerprint, 'anna')
    time.observe()
    clock.wall = NOW - 30 * DAY
    await expect(packs.take(stick, 'anna')).rejects.toEqual(code('trust.offline-too-long'))
    // A clock accident is forgiven by a server that says what time it is, not by a stick.
    expect(time.now()).toMatchObject({ now: NOW + 400 * DAY, source: 'high-water' })
  })

  it('that is older than what is held changes nothing and says so', async () => {
    const { repo, stick, packs, sync, library, artifacts, clock } = await packed()
    clock.advance(60_000)
    issue(repo, NOW + 60_000)
    await sync.start('kari')
    const before = library.current()
    await expect(packs.take(stick, 'kari')).rejects.toMatchObject({ code: 'pack.older', detail: { found: NOW } })
    expect(library.current()).toBe(before)
    expect(artifacts.has(sha256Hex(IMAGE))).toBe(true)
  })

  it('taken in twice brings nothing twice', async () => {
    const { stick, fingerprint } = await packed()
    const { packs, recorder } = await ship()
    await packs.adopt(stick, fingerprint, 'anna')
    await packs.take(stick, 'anna')
    expect(await packs.take(stick, 'anna')).toMatchObject({ artifacts: 0, refused: [], toFetch: 0 })
    expect(recorder.actions().filter((action) => action === 'sync.artifact-stored')).toHaveLength(1)
  })

  it('brings the rest of a file of which the link brought a part', async () => {
    const big = randomBytes(3_000_000)
    const repo = repository()
    repo.addTarget('artifacts', 'artifacts/crane-2.5.0.bin', big, {})
    repo.release()
    const { stick, packs, url, fingerprint } = await harbour(repo)
    await packs.make(stick, null, 'kari')
    const broken = await serveHandler((request, response) => {
      const bytes = repo.serve(request.url ?? '')
      if (bytes) answer({ bytes, cutAfter: request.url?.includes('/artifacts/') ? 1_000_000 : null }, request, response)
      else response.writeHead(404).end()
    })
    const bench = syncBench({ clock: new TestClock(NOW + 2000), fetcher: new HttpFetcher({ idleMs: 300 }) })
    await bench.sync.adopt(broken, fingerprint, 'anna')
    await bench.sync.check('anna')
    const fetched: number[] = []
    // What a thin link leaves behind.
    await bench.artifacts.prepare(sha256Hex(big))
    writeFileSync(`${bench.artifacts.path(sha256Hex(big))}.part`, big.subarray(0, 1_000_000))
    bench.sync.onChange(() => fetched.push(bench.sync.state().items[0]?.done ?? 0))
    expect(await bench.packs.take(stick, 'anna')).toMatchObject({ artifacts: 1, toFetch: 0 })
    expect(Math.min(...fetched.filter((done) => done > 0))).toBeGreaterThanOrEqual(1_000_000)
    expect(url).not.toBe(broken)
  })

  it('of some plans carries what these need', async () => {
    const repo = repository()
    repo.plan({
      id: 'other-1.0.0',
      notBefore: toInstant(NOW - DAY),
      expires: toInstant(NOW + DAY),
      artifacts: [{ component: 'app', target: 'artifacts/other-1.0.0.bin', version: '2.5.0' }],
    })
    repo.addTarget('artifacts', 'artifacts/other-1.0.0.bin', 'other')
    repo.release()
    const { packs, stick } = await harbour(repo)
    expect(await packs.make(stick, ['other-1.0.0'], 'kari')).toMatchObject({ artifacts: 1, bytes: 5 })
    await expect(packs.make(stick, ['nothing'], 'kari')).rejects.toEqual(code('plan.unknown'))
  })

  it('says what it lacks', async () => {
    const at = await harbour()
    rmSync(at.artifacts.path(sha256Hex(IMAGE)))
    await expect(at.packs.make(at.stick, null, 'kari')).rejects.toEqual(code('artifact.missing'))
    const made = await at.packs.make(at.stick, null, 'kari')
    expect(made).toMatchObject({ artifacts: 0, leftOut: [{ reason: { code: 'artifact.missing' } }] })
  })

  it('is brought up to date in place: what is there is not written again, what is past goes', async () => {
    const { repo, sync, packs, stick, pack, clock } = await packed()
    const image = readdirSync(join(pack, 'targets/artifacts')).map((name) => join(pack, 'targets/artifacts', name))
    const written = statSync(image[0] ?? '').mtimeMs
    writeFileSync(join(pack, 'targets', 'leftover.part'), 'x')
    clock.advance(60_000)
    issue(repo, NOW + 60_000)
    await sync.start('kari')
    await packs.make(stick, null, 'kari')
    expect(statSync(image[0] ?? '').mtimeMs).toBe(written)
    expect(readdirSync(join(pack, 'targets'))).not.toContain('leftover.part')
    expect(readdirSync(join(pack, 'metadata')).filter((name) => name.endsWith('.snapshot.json'))).toHaveLength(1)
  })

  it('that is damaged on the stick is repaired by making it again', async () => {
    const { packs, stick, pack, fingerprint } = await packed()
    const [name = ''] = readdirSync(join(pack, 'targets/artifacts'))
    const damaged = Buffer.from(IMAGE)
    damaged[3] = (damaged[3] ?? 0) ^ 1
    writeFileSync(join(pack, 'targets/artifacts', name), damaged)
    await packs.make(stick, null, 'kari')
    const { packs: others } = await ship()
    await others.adopt(stick, fingerprint, 'anna')
    expect(await others.take(stick, 'anna')).toMatchObject({ artifacts: 1, refused: [] })
  })

  it('is not made beside a sync, nor where there is no folder', async () => {
    const { packs, gate } = await harbour()
    const { promise, resolve: release } = Promise.withResolvers<void>()
    const busy = gate.runLocal(() => promise)
    await expect(packs.make(tempDir(), null, 'kari')).rejects.toEqual(code('sync.busy'))
    release()
    await busy
    await expect(packs.make(join(tempDir(), 'nowhere'), null, 'kari')).rejects.toEqual(code('file.not-found'))
    await expect(packs.make('here', null, 'kari')).rejects.toEqual(code('file.not-found'))
    await expect(packs.look(tempDir())).rejects.toEqual(code('pack.not-found'))
  })

  it('of another publisher is refused by a console that trusts one', async () => {
    const { stick } = await packed()
    const other = await harbour(repository())
    await expect(other.packs.take(stick, 'kari')).rejects.toEqual(code('trust.threshold'))
    await expect(other.packs.adopt(stick, 'cd'.repeat(32), 'kari')).rejects.toEqual(code('trust.already-adopted'))
  })

  it('moves with its folder', async () => {
    const { stick, pack, fingerprint } = await packed()
    const elsewhere = join(tempDir(), 'copied')
    cpSync(pack, elsewhere, { recursive: true })
    renameSync(pack, join(stick, 'gone'))
    const { packs } = await ship()
    await packs.adopt(elsewhere, fingerprint, 'anna')
    appendFileSync(join(elsewhere, 'pack.json'), ' ')
    expect(await packs.take(elsewhere, 'anna')).toMatchObject({ artifacts: 1 })
  })
})
