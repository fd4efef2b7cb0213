import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { type SyncBenchOptions, syncBench } from '../../fixtures/sync-bench.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { TestClock } from '../../fixtures/test-clock.ts'
import { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { type Hijack, serveHandler, serveSimulator } from '../../fixtures/tuf/simulator-server.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'

const DAY = 86_400_000
const NOW = Math.floor(Date.now() / 1000) * 1000
const FIRMWARE = randomBytes(300_000)
const { signal } = new AbortController()
const code = (expected: string) => expect.objectContaining({ code: expected })

/** A vendor's repository with a firmware below a delegated role. */
function vendorRepository(kind?: 'ecdsa' | 'rsa') {
  const repo = new RepositorySimulator({ now: NOW, ...(kind && { kind }) })
  repo.delegate('targets', { name: 'releases', paths: ['firmware/*'] })
  repo.addTarget('releases', 'firmware/hoist-1.bin', FIRMWARE, { custom: { version: '1.0.3' } })
  repo.addTarget('targets', 'docs/readme.txt', 'read me')
  return repo
}

async function scene(repo: RepositorySimulator, options: SyncBenchOptions & { hijack?: Hijack } = {}) {
  const { hijack, ...rest } = options
  repo.update()
  repo.publish(...[...repo.metadata.keys()].filter((role) => !['root', 'snapshot', 'timestamp'].includes(role)))
  const url = await serveSimulator(repo, hijack)
  const bench = syncBench({ clock: new TestClock(NOW + 1000), ...rest })
  const root = join(tempDir(), 'root.json')
  writeFileSync(root, repo.firstRoot())
  const { fingerprint } = await bench.sources.preview(root)
  const add = (change: { id?: string; paths?: string[]; fingerprint?: string } = {}) =>
    bench.sources.add(
      { id: 'hoist', root, fingerprint, metadata: `${url}/metadata`, targets: `${url}/targets/`, ...change },
      'kari',
    )
  return { ...bench, repo, url, root, fingerprint, add }
}

describe('a source of files', () => {
  it('is trusted by a root that a person has compared, gives files, and survives a restart', async () => {
    const first = await scene(vendorRepository())
    const { sources, add, recorder, artifacts } = first
    await expect(add({ fingerprint: 'ab'.repeat(32) })).rejects.toEqual(code('trust.fingerprint-mismatch'))
    expect(await add()).toMatchObject({ id: 'hoist', checkedAt: null, files: 0, trouble: null, addedBy: 'kari' })
    await expect(add()).rejects.toEqual(code('source.exists'))
    expect(recorder.entries.at(-1)).toMatchObject({
      actor: 'kari',
      action: 'source.added',
      subject: 'hoist',
      detail: { fingerprint: first.fingerprint },
    })
    expect(await sources.sync('hoist', 'kari')).toMatchObject({ files: 2, trouble: null, checkedAt: NOW + 1000 })
    const shown = sources.show('hoist', 'hoist')
    expect(shown.files).toEqual([
      {
        target: 'firmware/hoist-1.bin',
        bytes: FIRMWARE.length,
        sha256: sha256Hex(FIRMWARE),
        version: '1.0.3',
        role: 'releases',
        held: false,
        plans: [],
        refused: null,
      },
    ])
    expect(await sources.fetch('hoist', 'firmware/hoist-1.bin', 'kari')).toMatchObject({ held: true, plans: [] })
    expect(recorder.entries.at(-1)).toMatchObject({ action: 'source.fetched', subject: 'firmware/hoist-1.bin' })
    const out = join(tempDir(), 'hoist.bin')
    await sources.export('hoist', 'firmware/hoist-1.bin', out, signal)
    expect(readFileSync(out)).toEqual(Buffer.from(FIRMWARE))
    await expect(sources.export('hoist', 'firmware/hoist-1.bin', out, signal)).rejects.toEqual(code('file.unreadable'))
    expect(() => sources.heldFile('hoist', 'docs/readme.txt')).toThrow(code('artifact.missing'))
    first.close()
    const again = syncBench({ dir: first.dir, clock: first.clock })
    expect(again.sources.show('hoist').files.map(({ target, held }) => [target, held])).toEqual([
      ['docs/readme.txt', false],
      ['firmware/hoist-1.bin', true],
    ])
    await again.sources.remove('hoist', 'ola')
    expect(again.sources.list()).toEqual([])
    expect(() => again.sources.show('hoist')).toThrow(code('source.unknown'))
    expect(artifacts.path(sha256Hex(FIRMWARE))).toSatisfy((path: string) => statSync(path).size === FIRMWARE.length)
  })

  it.each(['ecdsa', 'rsa'] as const)('may sign with %s keys', async (kind) => {
    const { sources, add } = await scene(vendorRepository(kind))
    await add()
    await sources.sync('hoist', 'kari')
    expect((await sources.fetch('hoist', 'firmware/hoist-1.bin', 'kari')).held).toBe(true)
  })

  it('may be one that the reference implementation has made, with hash bins', async () => {
    const files: Readonly<Record<string, string>> = JSON.parse(
      readFileSync(new URL('../../fixtures/tuf/python-tuf/repository.json', import.meta.url), 'utf8'),
    )
    const url = await serveHandler(({ url: path = '/' }, response) => {
      const content = files[decodeURIComponent(path.slice(1))]
      response.writeHead(content === undefined ? 404 : 200).end(content)
    })
    const { sources } = syncBench({ clock: new TestClock(Date.parse('2030-01-01T00:00:00Z')) })
    const root = join(tempDir(), 'root.json')
    writeFileSync(root, files['metadata/1.root.json'] ?? '')
    const { fingerprint, version } = await sources.preview(root)
    expect(version).toBe(1)
    await sources.add(
      { id: 'python', root, fingerprint, metadata: `${url}/metadata`, targets: `${url}/targets` },
      'kari',
    )
    const { roles } = await sources.sync('python', 'kari')
    expect(roles.find(({ name }) => name === 'root')?.version).toBe(3)
    expect(await sources.fetch('python', 'bins/artifact-7', 'kari')).toMatchObject({ held: true, bytes: 10 })
    expect(sources.show('python', 'artifact-7').files).toMatchObject([{ target: 'bins/artifact-7', held: true }])
  })

  it('says where its word has ended or gone back, keeps what is here, and does not touch our own trust', async () => {
    const { sources, add, repo, clock, sync, url } = await scene(vendorRepository())
    await add()
    await sources.sync('hoist', 'kari')
    const old = repo.file('timestamp.json')
    repo.bump('timestamp')
    await sources.sync('hoist', 'kari')
    repo.published.set('timestamp.json', old)
    await expect(sources.sync('hoist', 'kari')).rejects.toEqual(code('trust.rollback'))
    expect(sources.list()[0]).toMatchObject({ trouble: { code: 'trust.rollback' }, files: 2 })
    repo.bump('timestamp')
    repo.bump('timestamp')
    await sources.sync('hoist', 'kari')
    clock.advance(60 * DAY)
    expect(sources.list()[0]).toMatchObject({ trouble: { code: 'trust.expired' }, files: 2 })
    await expect(sources.fetch('hoist', 'docs/readme.txt', 'kari')).rejects.toEqual(code('trust.expired'))
    const own = new SlipwayRepository({ now: clock.now() })
    const ownUrl = await serveSimulator(own)
    await sync.adopt(ownUrl, sha256Hex(own.firstRoot()), 'kari')
    expect(await sync.start('kari')).toMatchObject({ lastError: null, toFetch: 0, url: ownUrl })
    expect(url).not.toBe(ownUrl)
  })

  it('tries no network call while offline was chosen', async () => {
    const { sources, add, sync, repo } = await scene(vendorRepository())
    await add()
    await sources.sync('hoist', 'kari')
    await sync.setOffline(true, 'kari')
    repo.requests.length = 0
    await expect(sources.sync('hoist', 'kari')).rejects.toEqual(code('sync.offline'))
    await expect(sources.fetch('hoist', 'docs/readme.txt', 'kari')).rejects.toEqual(code('sync.offline'))
    expect(sources.show('hoist').files).toHaveLength(2)
    expect(repo.requests).toEqual([])
  })

  it('is proved anew from the disk, which is hostile input', async () => {
    const first = await scene(vendorRepository())
    await first.add()
    await first.sources.sync('hoist', 'kari')
    first.close()
    const place = join(first.dir, 'sources', 'hoist.json')
    const stored = JSON.parse(readFileSync(place, 'utf8'))
    const { signatures } = JSON.parse(Buffer.from(stored.good.timestamp, 'base64').toString())
    stored.good.timestamp = Buffer.from(JSON.stringify({ signatures, signed: first.repo.timestamp, more: 1 })).toString(
      'base64',
    )
    stored.good.roles = stored.good.roles.filter(([role]: [string]) => role !== 'releases')
    writeFileSync(place, JSON.stringify(stored))
    const second = syncBench({ dir: first.dir, clock: first.clock })
    expect(second.sources.list()[0]).toMatchObject({ files: 0, trouble: { code: 'trust.cache-corrupt' } })
    expect(await second.sources.sync('hoist', 'kari')).toMatchObject({ files: 2, trouble: null })
  })
})

describe('a hostile source', () => {
  it.each([
    ['plans/crane-9.json', 'source.reserved-path'],
    ['Policy/console.json', 'source.reserved-path'],
    ['profiles/acme-crane.json', 'source.reserved-path'],
    ['firmware/../../etc/passwd', 'source.bad-path'],
    ['../up.bin', 'source.bad-path'],
    ['/root.bin', 'source.bad-path'],
    ['firmware\\..\\up.bin', 'source.bad-path'],
    ['firmware/a\u001b[2J.bin', 'source.bad-path'],
    ['docs/manual.pdf', 'source.outside-filter'],
  ])('gets no file taken under the name %j', async (path, why) => {
    const repo = new RepositorySimulator({ now: NOW })
    repo.addTarget('targets', path, 'bytes')
    const { sources, add, library, rows } = await scene(repo)
    await add({ paths: ['firmware/*', '*.bin'] })
    await sources.sync('hoist', 'kari')
    expect(sources.show('hoist').files).toMatchObject([{ target: path, refused: { code: why } }])
    repo.requests.length = 0
    await expect(sources.fetch('hoist', path, 'kari')).rejects.toEqual(code(why))
    expect(repo.requests).toEqual([])
    expect([library.current(), rows.all()]).toEqual([null, []])
  })

  it('gets nothing in force with documents that look like ours', async () => {
    const hostile = new SlipwayRepository({ now: NOW })
    const { sources, add, library, trust } = await scene(hostile)
    await add()
    await sources.sync('hoist', 'kari')
    const wanted = sources
      .show('hoist')
      .files.map(({ target, refused }) => [target.split('/')[0], refused?.code ?? null])
    expect(new Set(wanted.map(String))).toEqual(
      new Set([
        'artifacts,',
        ...['plans', 'policy', 'profiles', 'sites'].map((each) => `${each},source.reserved-path`),
      ]),
    )
    expect([library.current(), trust.pin()]).toEqual([null, null])
  })

  it.each<[string, string, Hijack]>([
    [
      'metadata without end',
      'trust.too-large',
      ({ url }, response) => {
        if (!url?.endsWith('.targets.json')) return false
        response.writeHead(200, { 'content-length': String(1024 ** 3) })
        return response.write(Buffer.alloc(1024)) || true
      },
    ],
    [
      'a longer file',
      'trust.length-mismatch',
      ({ url }, response) => {
        if (!url?.includes('hoist-1.bin')) return false
        response.end(Buffer.concat([FIRMWARE, Buffer.alloc(9)]))
        return true
      },
    ],
    [
      'another file of the same length',
      'trust.hash-mismatch',
      ({ url }, response) => {
        if (!url?.includes('hoist-1.bin')) return false
        response.end(Buffer.alloc(FIRMWARE.length))
        return true
      },
    ],
  ])('is refused with its code: %s', async (_, why, hijack) => {
    const { sources, add, rows } = await scene(vendorRepository(), { hijack })
    await add()
    await expect(sources.fetch('hoist', 'firmware/hoist-1.bin', 'kari')).rejects.toEqual(code(why))
    expect(rows.all()).toEqual([])
  })

  it('is no source when it is our own publisher, nor under an address that is none', async () => {
    const own = new SlipwayRepository({ now: NOW })
    const { sync, url, fingerprint, add, sources, root } = await scene(own)
    await sync.adopt(url, fingerprint, 'kari')
    await expect(add()).rejects.toEqual(code('source.exists'))
    const wish = { id: 'x', root, fingerprint, metadata: 'file:///etc/', targets: url }
    await expect(sources.add(wish, 'kari')).rejects.toEqual(code('sync.bad-url'))
    await expect(sources.preview(join(root, 'no'))).rejects.toEqual(code('file.unreadable'))
    writeFileSync(root, 'nonsense')
    await expect(sources.preview(root)).rejects.toEqual(code('trust.bad-json'))
  })
})

describe('a plan of our own that names the bytes of a vendor', () => {
  it('gets them from there where our own server has not got them, and only those', async () => {
    const { sources, add, sync, clock, artifacts } = await scene(vendorRepository())
    await add()
    await sources.sync('hoist', 'kari')
    const own = new SlipwayRepository({ now: clock.now() })
    own.metadata.get('plans').targets = {}
    own.addTarget('artifacts', 'artifacts/hoist.bin', FIRMWARE)
    own.addTarget('artifacts', 'artifacts/other.bin', randomBytes(500))
    const plan = (id: string) => ({
      id,
      notBefore: toInstant(NOW),
      expires: toInstant(NOW + 9 * DAY),
      artifacts: [{ component: 'app', target: `artifacts/${id}.bin`, version: '1.0.3' }],
    })
    own.plan(plan('hoist'))
    own.plan(plan('other'))
    own.release()
    // The server lists them and has not got them.
    for (const name of own.targetFiles.keys()) if (/(?:hoist|other)\.bin$/.test(name)) own.targetFiles.delete(name)
    const ownUrl = await serveSimulator(own)
    await sync.adopt(ownUrl, sha256Hex(own.firstRoot()), 'kari')
    const view = await sync.start('kari')
    expect(
      view.items.map(({ target, state, reason, way }) => [target, state, reason?.code ?? null, way?.kind, way?.from]),
    ).toEqual([
      ['artifacts/other.bin', 'failed', 'sync.not-found', 'whole', null],
      ['artifacts/hoist.bin', 'held', null, 'source', 'hoist'],
    ])
    expect(artifacts.has(sha256Hex(FIRMWARE))).toBe(true)
    expect(sources.show('hoist', 'hoist-1').files[0]).toMatchObject({ held: true, plans: [{ id: 'hoist' }] })
  })
})
