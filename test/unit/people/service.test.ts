import { afterEach, expect, test, vi } from 'vitest'
import { canonicalBytes } from '../../../electron/host/crypto/canonical-json.ts'
import { verifyEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { peopleQueries } from '../../../electron/host/store/people.ts'
import { enrolmentFlaw } from '../../../electron/host/trust/enrolment.ts'
import { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import type { PolicyOperator } from '../../../shared/model/policy.ts'
import { eventually } from '../../fixtures/eventually.ts'
import { openPeople, plainProtector, type TestPeople } from '../../fixtures/people/people.ts'

const PASS = 'four words that do'
const OTHER = 'quite another phrase'
const code = (expected: string) => expect.objectContaining({ code: expected })

afterEach(() => {
  vi.useRealTimers()
})

const entry = (request: EnrolmentRequest, change: Partial<PolicyOperator> = {}): PolicyOperator => ({
  ...request.operator,
  roles: ['technician'],
  sites: ['*'],
  deviceTypes: ['*'],
  notAfter: '2027-01-01T00:00:00Z',
  ...change,
})

async function withAda(
  options: Parameters<typeof openPeople>[0] = {},
): Promise<TestPeople & { request: EnrolmentRequest; ada: string }> {
  const all = await openPeople(options)
  const request = await all.people.enrol('Ada Lovelace', PASS)
  return { ...all, request, ada: request.operator.id }
}

test('enrolment makes a key and a request that both keys signed, and records it with the row', async () => {
  const { people, request, ada, entries, console } = await withAda()
  expect(EnrolmentRequest.parse(request)).toEqual(request)
  expect(enrolmentFlaw(request)).toBeNull()
  expect(enrolmentFlaw({ ...request, operator: { ...request.operator, name: 'Eve' } })).toBe('operator')
  expect(request.console).toEqual({ id: console.console, name: 'bridge laptop', publicKey: console.publicKey })
  expect(people.request(ada)).toEqual(request)
  expect(people.list()).toEqual([
    { id: ada, name: 'Ada Lovelace', enrolled: false, roles: [], leaseUntil: null, lastSignIn: null },
  ])
  expect(await entries()).toEqual([
    {
      actor: ada,
      action: 'people.enrolled',
      subject: ada,
      detail: { name: 'Ada Lovelace', publicKey: request.operator.publicKey },
    },
  ])
})

test('nothing of a secret is readable in the database', async () => {
  const { db, people, ada } = await withAda()
  await people.signIn(ada, PASS)
  await people.storeCredential('http://10.0.0.9:8080', { username: 'admin', password: 'hunter2hunter2' })
  const row = peopleQueries(db).get(ada)!
  const beneath = await plainProtector.unprotect(
    Buffer.from((JSON.parse(row.vault) as { sealed: string }).sealed, 'base64'),
  )
  expect(JSON.parse(Buffer.from(beneath).toString())).toMatchObject({ kdf: { algorithm: 'argon2id' } })
  const all =
    JSON.stringify(db.prepare('SELECT * FROM operator').all()) +
    JSON.stringify(db.prepare('SELECT hex(sealed) AS s FROM credential').all())
  for (const secret of [PASS, 'hunter2', Buffer.from('hunter2hunter2').toString('hex').toUpperCase()])
    expect(all).not.toContain(secret)
})

test('a weak passphrase and a name that is taken are refused before anything is made', async () => {
  const { people, entries } = await withAda()
  await expect(people.enrol('Bob', 'short')).rejects.toThrow(code('people.weak-passphrase'))
  await expect(people.enrol(' ADA  lovelace', PASS)).rejects.toThrow(code('people.name-taken'))
  expect(people.list()).toHaveLength(1)
  expect(await entries()).toHaveLength(1)
  const both = await Promise.allSettled([people.enrol('Bob', PASS), people.enrol('bob', OTHER)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(people.list()).toHaveLength(2)
})

test('the right passphrase signs in offline, with no role until the policy names the key', async () => {
  const { people, library, request, ada, clock } = await withAda()
  expect(people.session()).toBeNull()
  expect(() => people.requireSession()).toThrow(code('people.not-signed-in'))
  expect(await people.signIn(ada, PASS)).toEqual({
    operator: ada,
    name: 'Ada Lovelace',
    roles: [],
    enrolled: false,
    leaseUntil: null,
    leaseEnded: false,
  })
  expect(() => people.requireLease()).toThrow(code('people.not-enrolled'))
  expect(people.list()[0]?.lastSignIn).toBe(clock.now())

  let changes = 0
  people.onChange(() => {
    changes += 1
  })
  library.set([entry(request)])
  expect(changes).toBe(1)
  expect(people.session()).toMatchObject({ roles: ['technician'], enrolled: true, leaseEnded: false })
  expect(people.requireLease()).toEqual({ operator: ada, roles: ['technician'] })
  library.set([entry(request, { publicKey: 'b'.repeat(64) })])
  expect(people.session()).toMatchObject({ roles: [], enrolled: false })
  library.set('corrupt')
  expect(people.session()).toMatchObject({ roles: [], enrolled: false })

  library.set([entry(request)])
  clock.setWall(Date.parse('2027-01-01T00:00:00Z'))
  expect(people.session()).toMatchObject({ roles: ['technician'], leaseEnded: true })
  expect(() => people.requireLease()).toThrow(code('people.lease-ended'))
  expect(people.requireSession().operator).toBe(ada)
})

test('what somebody may do is judged by policy, place and lease', async () => {
  const { people, library, request, ada } = await withAda()
  const ask = { roles: ['technician'] as const, site: 'harbour', deviceType: 'crane' }
  expect(people.mayAct(ada, ask)).toMatchObject({ code: 'people.not-enrolled' })
  expect(people.mayAct('nobody', ask)).toMatchObject({ code: 'people.unknown-operator' })
  library.set([entry(request, { sites: ['pier'] })])
  expect(people.mayAct(ada, ask)).toMatchObject({ code: 'people.site-not-allowed' })
  library.set([entry(request)])
  expect(people.mayAct(ada, ask)).toBeNull()
  expect(people.rolesOf(ada)).toEqual(['technician'])
  expect(people.rolesOf('nobody')).toEqual([])
})

test('wrong passphrases are counted, recorded and slowed down; a right one forgets them', async () => {
  const { people, ada, clock, entries, db } = await withAda()
  for (let i = 0; i < 4; i += 1)
    await expect(people.signIn(ada, OTHER)).rejects.toThrow(code('people.wrong-passphrase'))
  await expect(people.signIn(ada, PASS)).rejects.toThrow(
    expect.objectContaining({ code: 'people.too-many-attempts', detail: { operator: ada, waitMs: 2000 } }),
  )
  clock.setWall(clock.now() + 1e9)
  await expect(people.signIn(ada, PASS)).rejects.toThrow(code('people.too-many-attempts'))
  clock.advance(2000)
  await people.signIn(ada, PASS)
  expect(peopleQueries(db).get(ada)).toMatchObject({ failures: 0, failedAt: null })
  const refused = (await entries()).filter(({ action }) => action === 'people.sign-in-refused')
  expect(refused.map(({ detail }) => (detail as { failures: number }).failures)).toEqual([1, 2, 3, 4])
  expect(JSON.stringify(await entries())).not.toContain(OTHER)

  await expect(people.signIn('nobody', PASS)).rejects.toThrow(code('people.unknown-operator'))
  expect((await entries()).at(-1)).toMatchObject({
    actor: 'console',
    action: 'people.sign-in-refused',
    subject: 'nobody',
  })
})

test('a hundred tries at once are tries in a row, and the wait survives a restart', async () => {
  const { people, ada, db } = await withAda()
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => people.signIn(ada, OTHER)))
  const codes = tries.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'in'))
  expect(codes.filter((found) => found === 'people.wrong-passphrase')).toHaveLength(4)
  expect(codes.filter((found) => found === 'people.too-many-attempts')).toHaveLength(8)
  db.prepare('DELETE FROM audit_entry').run()
  db.prepare('DELETE FROM audit_epoch').run()
  const again = await openPeople({ db })
  await expect(again.people.signIn(ada, PASS)).rejects.toThrow(code('people.too-many-attempts'))
})

test('a new passphrase replaces the old one and keeps key and logins', async () => {
  const { people, ada, request } = await withAda()
  await expect(people.changePassphrase(PASS, OTHER)).rejects.toThrow(code('people.not-signed-in'))
  await people.signIn(ada, PASS)
  await people.storeCredential('udp://10.0.0.7:1337', { username: 'u', password: 'p' })
  await expect(people.changePassphrase(OTHER, OTHER)).rejects.toThrow(code('people.wrong-passphrase'))
  await expect(people.changePassphrase(PASS, 'weak')).rejects.toThrow(code('people.weak-passphrase'))
  await people.changePassphrase(PASS, OTHER)
  await people.signOut()
  await expect(people.signIn(ada, PASS)).rejects.toThrow(code('people.wrong-passphrase'))
  await people.signIn(ada, OTHER)
  expect(people.credential('udp://10.0.0.7:1337')).toEqual({ username: 'u', password: 'p' })
  expect(people.request(ada)).toEqual(request)
})

test('a login is its operator’s alone, for its address alone, and gone with the session', async () => {
  const { people, ada, db } = await withAda()
  const bob = (await people.enrol('Bob', OTHER)).operator.id
  await expect(people.storeCredential('a', { username: 'u', password: 'p' })).rejects.toThrow(
    code('people.not-signed-in'),
  )
  await people.signIn(ada, PASS)
  await people.storeCredential('udp://a:1', { username: 'u', password: 'p' })
  db.prepare("UPDATE credential SET address = 'udp://b:1'").run()
  expect(() => people.credential('udp://b:1')).toThrow(code('store.corrupt'))
  db.prepare("UPDATE credential SET address = 'udp://a:1'").run()
  expect(people.credential('udp://a:1')).toEqual({ username: 'u', password: 'p' })
  await people.signIn(bob, OTHER)
  expect(people.credential('udp://a:1')).toBeNull()
  await people.signOut()
  expect(people.credential('udp://a:1')).toBeNull()
})

test('signing in ends the session of whoever was there, and each end is recorded with its reason', async () => {
  const { people, ada, entries } = await withAda()
  const bob = (await people.enrol('Bob', OTHER)).operator.id
  await people.signIn(ada, PASS)
  await people.signIn(bob, OTHER)
  expect(people.session()?.operator).toBe(bob)
  await people.signOut()
  await people.signOut()
  expect(people.session()).toBeNull()
  expect((await entries()).slice(2).map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
    [ada, 'people.signed-in', ada],
    [ada, 'people.signed-out', 'another'],
    [bob, 'people.signed-in', bob],
    [bob, 'people.signed-out', 'asked'],
  ])
})

test('who does nothing for long is signed out, unless a device needs them or it was turned off', async () => {
  let busy = false
  let minutes = 10
  const { people, ada, clock, entries } = await withAda({ busy: () => busy, idleMinutes: () => minutes })
  vi.useFakeTimers()
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 5000) {
      clock.advance(5000)
      await vi.advanceTimersByTimeAsync(5000)
    }
  }
  const signIn = people.signIn(ada, PASS)
  await eventually(() => signIn)
  await pass(9 * 60_000)
  people.touch()
  await pass(9 * 60_000)
  busy = true
  await pass(60 * 60_000)
  busy = false
  await pass(9 * 60_000)
  expect(people.session()?.operator).toBe(ada)
  minutes = 0
  await pass(60 * 60_000)
  expect(people.session()?.operator).toBe(ada)
  minutes = 10
  await pass(60_000)
  expect(people.session()).toBeNull()
  vi.useRealTimers()
  await expect
    .poll(async () => (await entries()).at(-1))
    .toMatchObject({ action: 'people.signed-out', subject: 'idle' })
})

test('the second person is another, with a passphrase of their own, and signs what the log keeps', async () => {
  const { people, ada, entries, console, clock } = await withAda()
  const bob = (await people.enrol('Bob', OTHER)).operator
  await people.signIn(ada, PASS)
  await expect(people.verifySecond({ operator: ada, passphrase: PASS })).rejects.toThrow(
    code('people.same-person-twice'),
  )
  await expect(people.verifySecond({ operator: bob.id, passphrase: PASS })).rejects.toThrow(
    code('people.wrong-passphrase'),
  )
  expect(await people.verifySecond({ operator: bob.id, passphrase: OTHER })).toBe(bob.id)
  expect(people.session()?.operator).toBe(ada)
  const last = (await entries()).at(-1)!
  expect(last).toMatchObject({ actor: bob.id, action: 'people.second-verified', subject: ada })
  const { signature, publicKey, ...signed } = last.detail as { signature: string; publicKey: string }
  expect(signed).toEqual({
    format: 'slipway.second-person/1',
    console: console.console,
    first: ada,
    second: bob.id,
    time: clock.now(),
  })
  expect(publicKey).toBe(bob.publicKey)
  expect(verifyEd25519(Buffer.from(publicKey, 'hex'), canonicalBytes(signed), Buffer.from(signature, 'hex'))).toBe(true)
  // Wrong tries at being the second person count like any other.
  for (let i = 0; i < 4; i += 1)
    await people.verifySecond({ operator: bob.id, passphrase: PASS }).catch(() => undefined)
  await expect(people.verifySecond({ operator: bob.id, passphrase: OTHER })).rejects.toThrow(
    code('people.too-many-attempts'),
  )
})

test('after the laptop’s key was lost, signing in makes the request that the publisher now needs', async () => {
  const { db, ada, request } = await withAda()
  db.prepare('DELETE FROM audit_entry').run()
  db.prepare('DELETE FROM audit_epoch').run()
  const again = await openPeople({ db })
  expect(again.people.request(ada)).toEqual(request)
  await again.people.signIn(ada, PASS)
  const renewed = again.people.request(ada)
  expect(renewed.console.publicKey).toBe(again.console.publicKey)
  expect(renewed.operator).toEqual(request.operator)
  expect(enrolmentFlaw(renewed)).toBeNull()
})

test('a keystore that does not open is called that, and no try is counted', async () => {
  const { people, ada, db } = await withAda()
  const { AppError } = await import('../../../shared/errors.ts')
  const shut = vi.spyOn(plainProtector, 'unprotect').mockRejectedValue(new AppError('host.no-keystore'))
  await expect(people.signIn(ada, PASS)).rejects.toThrow(code('host.no-keystore'))
  shut.mockRestore()
  expect(peopleQueries(db).get(ada)).toMatchObject({ failures: 0 })
  await people.signIn(ada, PASS)
})
