import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Depot } from '../../../electron/depot/depot.ts'
import { filesBelow } from '../../../electron/depot/files.ts'
import { withLock } from '../../../electron/depot/lock.ts'
import { generateEd25519, signEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import { enrolmentPayload } from '../../../electron/host/trust/enrolment.ts'
import type { ArtifactCustom } from '../../../shared/model/artifact.ts'
import type { ProfileInput } from '../../../shared/model/profile.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { cranePlan, craneProfile } from '../../fixtures/crane.ts'
import { CRANE_IMAGE, craneDepot, emptyDepot, serveDepot } from '../../fixtures/depot.ts'
import { syncBench } from '../../fixtures/sync-bench.ts'

const DAY = 86_400_000
const code = (expected: string) => expect.objectContaining({ code: expected })
const RAW: ArtifactCustom = {
  kind: 'raw',
  component: 'app',
  version: '2.6.0',
  deviceTypes: ['acme-crane'],
  hardware: [],
}

/** A console that has synced from the depot. */
async function syncedConsole(made: Awaited<ReturnType<typeof craneDepot>>) {
  const url = await serveDepot(made.depot)
  const bench = syncBench({ clock: made.clock })
  await bench.sync.adopt(url, (await made.depot.fingerprint()).fingerprint, 'kari')
  await bench.sync.start('kari')
  return { url, ...bench }
}

function enrolment(id = 'kari') {
  const [person, laptop] = [generateEd25519(), generateEd25519()]
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const unsigned = {
    format: 'slipway.enrolment/1' as const,
    operator: { id, name: 'Kari', publicKey: hex(person.publicKey) },
    console: { id: `laptop-of-${id}`, name: 'Laptop', publicKey: hex(laptop.publicKey) },
    time: 1,
  }
  const payload = enrolmentPayload(unsigned)
  return {
    ...unsigned,
    operatorSignature: hex(signEd25519(person.secretKey, payload)),
    consoleSignature: hex(signEd25519(laptop.secretKey, payload)),
  }
}
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const grant = { roles: ['technician' as const], sites: ['*'], deviceTypes: ['*'], notAfter: '2030-01-01T00:00:00Z' }

describe('from the publisher to the console', () => {
  it('publishes what a console syncs, verifies and holds', async () => {
    const { library, artifacts, sync } = await syncedConsole(await craneDepot())
    expect(library.current()?.plans.get('crane-2.5.0')?.document.title).toBe('Crane controller 2.5.0')
    expect(library.current()?.sites.has('harbour')).toBe(true)
    expect(artifacts.has(sha256Hex(CRANE_IMAGE))).toBe(true)
    expect(sync.state()).toMatchObject({ toFetch: 0, lastError: null })
    expect(library.current()?.roles.map(({ name, threshold, keys }) => `${name} ${threshold}/${keys}`)).toEqual([
      'root 2/3',
      'timestamp 1/1',
      'snapshot 1/1',
      'targets 1/1',
      'artifacts 1/1',
      'plans 1/1',
      'sites 1/1',
      'policy 2/3',
    ])
  })

  it('publishes a change and nothing else', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    await made.depot.addPlan(
      cranePlan({ title: 'Better', notBefore: toInstant(made.clock.wall), expires: toInstant(made.clock.wall + DAY) }),
    )
    expect(await made.depot.publish()).toEqual({ plans: 3, snapshot: 3, timestamp: 3 })
    expect(await made.depot.publish()).toEqual({ timestamp: 4 })
    await sync.check('kari')
    expect(library.current()?.plans.get('crane-2.5.0')?.document.title).toBe('Better')
  })

  it('takes things away again', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    await made.depot.remove('plans/crane-2.5.0.json')
    await made.depot.remove('artifacts/crane-2.5.0.bin')
    expect((await made.depot.status()).unpublished).toEqual(['artifacts/crane-2.5.0.bin', 'plans/crane-2.5.0.json'])
    await made.depot.publish()
    await sync.check('kari')
    expect(library.current()?.plans.size).toBe(0)
    await expect(made.depot.remove('plans/crane-2.5.0.json')).rejects.toEqual(code('file.not-found'))
  })

  it('keeps thousands of artifacts in hash bins', async () => {
    const made = await craneDepot({ artifactBins: 4 })
    const { library, artifacts, repo } = { repo: made, ...(await syncedConsole(made)) }
    expect(artifacts.has(sha256Hex(CRANE_IMAGE))).toBe(true)
    expect(library.current()?.target('artifacts/crane-2.5.0.bin')?.chain).toEqual([
      'targets',
      'artifacts',
      expect.stringMatching(/^artifacts-[0-9a-f]$/),
    ])
    expect((await readdir(repo.depot.layout.metadata)).filter((name) => name.startsWith('1.artifacts-'))).toHaveLength(
      16,
    )
  })

  it('lets an operator in by a request that they signed', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    expect(await made.depot.addOperator(json(enrolment()), grant)).toBe('kari')
    await made.depot.publish()
    await sync.check('kari')
    expect(library.current()?.operators).toMatchObject({
      operators: [{ id: 'kari', roles: ['technician'], notAfter: '2030-01-01T00:00:00Z' }],
      consoles: [{ id: 'laptop-of-kari' }],
    })
    await made.depot.setLease('kari', '2031-01-01T00:00:00Z')
    expect((await made.depot.operators()).operators[0]?.notAfter).toBe('2031-01-01T00:00:00Z')
    await made.depot.removeOperator('kari')
    expect((await made.depot.operators()).operators).toEqual([])
    // The laptop's log must still find somebody who knows its key.
    expect((await made.depot.operators()).consoles).toHaveLength(1)
    await expect(made.depot.removeOperator('kari')).rejects.toEqual(code('people.unknown-operator'))
  })

  it('lets nobody in by a request that they did not sign, or under a name that is taken', async () => {
    const { depot } = await emptyDepot()
    const request = enrolment()
    for (const forged of [
      { ...request, operator: { ...request.operator, name: 'Somebody else' } },
      { ...request, consoleSignature: request.operatorSignature },
      { ...request, extra: 1 },
    ]) {
      await expect(depot.addOperator(json(forged), grant)).rejects.toEqual(code('document.invalid'))
    }
    await depot.addOperator(json(request), grant)
    await depot.addOperator(json(request), { ...grant, roles: ['supervisor'] })
    await expect(depot.addOperator(json(enrolment()), grant)).rejects.toEqual(code('depot.duplicate'))
  })
})

describe('keys', () => {
  it.each(['root', 'targets', 'snapshot', 'timestamp', 'policy', 'sites', 'plans', 'artifacts'])(
    'rotates %s, and consoles in the field follow',
    async (role) => {
      const made = await craneDepot()
      const { library, sync } = await syncedConsole(made)
      await made.depot.rotateKey(role)
      const report = await made.depot.publish()
      // Of a delegated role the targets role says who may sign for it.
      expect(Object.keys(report)).toContain(['root', 'snapshot', 'timestamp'].includes(role) ? role : 'targets')
      await sync.start('kari')
      expect(library.current()?.plans.size).toBe(1)
      expect(sync.state().lastError).toBeNull()
      // A newcomer too, by the new fingerprint.
      const newcomer = await syncedConsole(made)
      expect(newcomer.library.current()?.plans.size).toBe(1)
    },
  )

  it('rotates every root key in turn', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    for (let i = 0; i < 3; i += 1) {
      await made.depot.rotateKey('root', (await made.depot.status()).roles[0]!.keys[i]!.keyid)
      await made.depot.publish()
    }
    await sync.check('kari')
    expect(library.current()?.roles[0]).toMatchObject({ name: 'root', version: 4 })
  })

  it('takes a stolen key away, as long as enough are left', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    const keysOf = async (role: string) => (await made.depot.status()).roles.find((one) => one.role === role)!.keys
    await made.depot.revokeKey((await keysOf('policy'))[0]!.keyid)
    await made.depot.publish()
    await sync.check('kari')
    expect(library.current()?.roles.find(({ name }) => name === 'policy')).toMatchObject({ threshold: 2, keys: 2 })
    await expect(made.depot.revokeKey((await keysOf('policy'))[0]!.keyid)).rejects.toEqual(code('depot.missing-keys'))
    await expect(made.depot.revokeKey((await keysOf('plans'))[0]!.keyid)).rejects.toEqual(code('depot.missing-keys'))
    await expect(made.depot.revokeKey('ab'.repeat(32))).rejects.toEqual(code('depot.unknown-key'))
  })

  it('publishes with the root keys in a safe, and says which are missing when it needs them', async () => {
    const made = await craneDepot()
    const safe = join(made.dir, '..', 'safe')
    const root = (await made.depot.status()).roles[0]!.keys
    for (const { keyid } of root) await rename(join(made.depot.layout.keys, `${keyid}.json`), `${safe}-${keyid}`)
    const depot = await Depot.open(made.dir, { clock: made.clock })
    await depot.remove('plans/crane-2.5.0.json')
    expect(await depot.publish()).toMatchObject({ plans: 3 })
    expect((await depot.status()).roles[0]!.keys.map(({ here }) => here)).toEqual([false, false, false])
    await depot.rotateKey('snapshot')
    await expect(depot.publish()).rejects.toMatchObject({
      code: 'depot.missing-keys',
      detail: { role: 'root', found: 0, needed: 2 },
    })
    // One of three is not enough, two are.
    await rename(`${safe}-${root[0]!.keyid}`, join(depot.layout.keys, `${root[0]!.keyid}.json`))
    await expect(depot.publish()).rejects.toMatchObject({ detail: { found: 1 } })
    await rename(`${safe}-${root[2]!.keyid}`, join(depot.layout.keys, `${root[2]!.keyid}.json`))
    expect(await depot.publish()).toMatchObject({ root: 2, snapshot: 4 })
  })

  it('are for their owner alone, and under a passphrase if there is one', async () => {
    const made = await emptyDepot({
      passphrase: 'correct horse',
      roles: { root: { keys: 1, threshold: 1 }, policy: { keys: 1, threshold: 1 } },
    })
    const { keys } = made.depot.layout
    for (const name of await filesBelow(keys)) {
      expect(statSync(join(keys, name)).mode & 0o077).toBe(0)
      expect(readFileSync(join(keys, name), 'utf8')).not.toMatch(/"secret": "[0-9a-f]{64}"/)
    }
    for (const passphrase of [null, 'wrong horse']) {
      const depot = await Depot.open(made.dir, { clock: made.clock, passphrase })
      await expect(depot.publish()).rejects.toEqual(code('people.wrong-passphrase'))
    }
    const depot = await Depot.open(made.dir, { clock: made.clock, passphrase: 'correct horse' })
    expect(await depot.publish()).toEqual({ timestamp: 2 })
  }, 60_000)

  it('a file that is no key is said to be none, and not quoted', async () => {
    const made = await emptyDepot()
    const { keyid } = (await made.depot.status()).roles.find(({ role }) => role === 'timestamp')!.keys[0]!
    writeFileSync(join(made.depot.layout.keys, `${keyid}.json`), '{"secret":"abc"}')
    const depot = await Depot.open(made.dir, { clock: made.clock })
    const error: Error = await depot.publish().then(
      () => new Error('published'),
      (thrown: Error) => thrown,
    )
    expect(error).toEqual(code('file.unreadable'))
    expect(JSON.stringify(error) + error.stack + String(error.cause)).not.toContain('abc')
  })
})

describe('time', () => {
  it('signs what grows old, before it is', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    made.clock.advance(5 * DAY)
    expect(await made.depot.refresh()).toEqual({ snapshot: 3, timestamp: 3 })
    await sync.check('kari')
    made.clock.advance(270 * DAY)
    expect(await made.depot.publish()).toMatchObject({
      root: 2,
      targets: 2,
      policy: 3,
      sites: 3,
      plans: 3,
      artifacts: 3,
      snapshot: 4,
    })
    await sync.check('kari')
    expect(library.current()?.issuedAt).toBe(made.clock.wall)
  })

  it('keeps the timestamp young while it serves', async () => {
    const made = await craneDepot()
    await serveDepot(made.depot, { refreshEveryMs: 50 })
    const version = async () => (await made.depot.status()).roles.find(({ role }) => role === 'timestamp')!.version!
    const before = await version()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await version()).toBeGreaterThan(before + 1)
  })
})

describe('what would not work on a console is refused at the desk', () => {
  it.each([
    ['no profile of the device type', { scope: { sites: ['*'], deviceTypes: ['acme-winch'] } }, 'depot.lint'],
    [
      'a signal that nobody has',
      { conditions: [{ id: 'x', at: ['write' as const], expr: 'signal.boom.gone' }] },
      'depot.lint',
    ],
    [
      'an expression that is none',
      { conditions: [{ id: 'x', at: ['write' as const], expr: 'signal.boom.parked &&' }] },
      'depot.lint',
    ],
    ['a member that nobody knows', { force: true }, 'document.invalid'],
    ['an id that climbs', { id: '../evil' }, 'document.invalid'],
  ])('a plan with %s', async (_what, change, expected) => {
    const { depot, clock } = await emptyDepot()
    await depot.addProfile(craneProfile())
    const plan = { ...cranePlan({ notBefore: toInstant(clock.wall), expires: toInstant(clock.wall + DAY) }), ...change }
    await expect(depot.addPlan(plan as never)).rejects.toEqual(code(expected))
    expect(await depot.content.list('plans/')).toEqual([])
  })

  it('a plan whose artifact is missing, or of another version', async () => {
    const { depot, clock } = await emptyDepot()
    await depot.addProfile(craneProfile())
    await depot.addPlan(cranePlan({ notBefore: toInstant(clock.wall), expires: toInstant(clock.wall + DAY) }))
    await expect(depot.publish()).rejects.toMatchObject({
      code: 'depot.lint',
      detail: { path: 'plans/crane-2.5.0.json' },
    })
    await depot.addArtifact('crane-2.5.0.bin', CRANE_IMAGE, RAW)
    await expect(depot.publish()).rejects.toMatchObject({
      code: 'depot.lint',
      detail: { why: expect.stringContaining('2.6.0') },
    })
    // Nothing of it was put in force.
    expect((await depot.status()).roles.find(({ role }) => role === 'timestamp')?.version).toBe(1)
  })

  it('a profile that nothing tells from another behind the same USB id', async () => {
    const { depot } = await emptyDepot()
    const drivers: ProfileInput['drivers'] = [{ driver: 'smp', link: 'serial', usb: [{ vid: '0403', pid: '6001' }] }]
    await depot.addProfile(craneProfile({ drivers }))
    await expect(depot.addProfile(craneProfile({ drivers, type: 'acme-winch' }))).rejects.toMatchObject({
      code: 'depot.lint',
      detail: { path: 'profiles/acme-winch.json', why: expect.stringContaining('0403:6001: acme-crane, acme-winch') },
    })
    // Its next version is not another type.
    await depot.addProfile(craneProfile({ drivers, title: 'Crane' }))
  })

  it('a profile that is taken away from under a plan', async () => {
    const { depot } = await craneDepot()
    await depot.remove('profiles/acme-crane.json')
    await expect(depot.publish()).rejects.toMatchObject({
      code: 'depot.lint',
      detail: { path: 'plans/crane-2.5.0.json' },
    })
  })

  it('a name that meant another file', async () => {
    const { depot } = await craneDepot()
    const custom = { ...RAW, version: '2.5.0' }
    await depot.addArtifact('crane-2.5.0.bin', CRANE_IMAGE, custom)
    await expect(depot.addArtifact('crane-2.5.0.bin', randomBytes(10), custom)).rejects.toEqual(code('depot.duplicate'))
    expect(await filesBelow(join(depot.layout.targets, 'artifacts'))).toHaveLength(1)
  })

  it.each(['plans/../../depot.json', 'depot.json', 'keys/x.json', '/etc/passwd', ''])('the path "%s"', async (path) => {
    const { depot } = await emptyDepot()
    await expect(depot.remove(path)).rejects.toEqual(code('document.invalid'))
    await expect(depot.setDocument(path, {})).rejects.toEqual(code('document.invalid'))
  })

  it.each(['../evil', 'a/b/c', '.hidden', 'with space', ''])('the artifact name "%s"', async (name) => {
    const { depot } = await emptyDepot()
    await expect(depot.addArtifact(name, CRANE_IMAGE, RAW)).rejects.toEqual(code('document.invalid'))
  })
})

describe('a folder', () => {
  it('is one depot, once', async () => {
    const { dir, clock } = await emptyDepot()
    await expect(Depot.create(dir, { name: 'again', clock })).rejects.toEqual(code('depot.exists'))
    await expect(Depot.open(join(dir, 'elsewhere'), { clock })).rejects.toEqual(code('depot.not-a-depot'))
  })

  it('is changed by one process at a time, also after one has died', async () => {
    const { depot } = await emptyDepot()
    const both = await Promise.all([depot.publish(), depot.publish()])
    expect(new Set(both.map(({ timestamp }) => timestamp))).toEqual(new Set([2, 3]))
    // A process that is gone, and one that lives and does not let go.
    writeFileSync(depot.layout.lock, '999999999')
    expect(await depot.publish()).toEqual({ timestamp: 4 })
    writeFileSync(depot.layout.lock, String(process.pid))
    await expect(withLock(depot.layout.lock, async () => 'in', 100)).rejects.toEqual(code('store.locked'))
  })

  it('survives a publication that was cut short', async () => {
    const made = await craneDepot()
    const { library, sync } = await syncedConsole(made)
    await made.depot.remove('plans/crane-2.5.0.json')
    const before = await readFile(join(made.depot.layout.metadata, 'timestamp.json'))
    await made.depot.publish()
    // Killed before the rename that counts: consoles see the old state, and the next publication repairs it.
    writeFileSync(join(made.depot.layout.metadata, 'timestamp.json'), before)
    await sync.check('kari')
    expect(library.current()?.plans.size).toBe(1)
    expect(await made.depot.publish()).toMatchObject({ plans: 3 })
    await sync.check('kari')
    expect(library.current()?.plans.size).toBe(0)
  })

  it('says when what was published is damaged', async () => {
    const { depot } = await craneDepot()
    await rm(join(depot.layout.metadata, '2.snapshot.json'))
    await expect(depot.publish()).rejects.toEqual(code('file.not-found'))
    await rm(depot.layout.repository, { recursive: true })
    await expect(depot.refresh()).rejects.toEqual(code('depot.not-published'))
  })
})

/** Of a path as it is: fetch would tidy it up before it is sent. */
function statusOf(url: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject).end()
  })
}

describe('the server', () => {
  const get = (url: string, headers: Record<string, string> = {}, method = 'GET') => fetch(url, { headers, method })

  it('serves parts of files, and knows them again', async () => {
    const { depot } = await craneDepot()
    const url = await serveDepot(depot)
    const [name] = await filesBelow(join(depot.layout.targets, 'artifacts'))
    const file = `${url}/targets/artifacts/${name}`
    const whole = await get(file)
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(CRANE_IMAGE)
    expect(whole.headers.get('cache-control')).toContain('immutable')
    const part = await get(file, { range: 'bytes=6-10' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 6-10/21', '2.5.0'])
    expect((await get(file, { range: 'bytes=100-' })).status).toBe(416)
    // Not by fetch, which asks caches to look away when it is given a condition.
    expect(await statusOf(url, new URL(file).pathname, { 'if-none-match': whole.headers.get('etag')! })).toBe(304)
    expect((await get(file, {}, 'HEAD')).headers.get('content-length')).toBe('21')
    expect((await get(`${url}/metadata/timestamp.json`)).headers.get('cache-control')).toBe('no-cache')
  })

  it.each([
    '',
    '/metadata',
    '/metadata/',
    '/targets/artifacts/',
    '/depot.json',
    '/../depot.json',
    '/metadata/../../depot.json',
    '/metadata/..%2f..%2fdepot.json',
    '/metadata/%2e%2e/%2e%2e/keys',
    '/keys/audit-receipt.json',
    '/content/policy/console.json',
    '/metadata/nothing.json',
    '/targets/artifacts/x.part',
    '//etc/passwd',
  ])('has nothing at "%s"', async (path) => {
    const { depot } = await emptyDepot()
    writeFileSync(join(depot.layout.targets, 'policy', 'x.part'), 'x')
    const status = await statusOf(await serveDepot(depot), path === '' ? '/' : path)
    expect([400, 403, 404]).toContain(status)
  })

  it('says when its port is taken', async () => {
    const { depot } = await emptyDepot()
    const { port } = new URL(await serveDepot(depot))
    await expect(depot.serve({ port: Number(port) })).rejects.toEqual(code('link.busy'))
  })

  it('takes plugins beside the files', async () => {
    const { depot } = await emptyDepot()
    const url = await serveDepot(depot, {
      plugins: [
        (server, _options, done) => {
          server.get('/audit/ping', () => 'pong')
          done()
        },
      ],
    })
    expect(await (await get(`${url}/audit/ping`)).text()).toBe('pong')
    expect((await get(`${url}/metadata/root.json`)).status).toBe(200)
  })
})
