import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { openStored, type StoredState } from '../../../electron/host/trust/stored-state.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { ProfileInput } from '../../../shared/model/profile.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { IMAGE, SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../../fixtures/tuf/stored.ts'

const limits = DEFAULT_LIMITS
const open = (state: StoredState) => openStored(state, { limits })
/** The reason inside `trust.cache-corrupt`. */
function reasonOf(state: StoredState): unknown {
  try {
    open(state)
    return 'ok'
  } catch (error) {
    return isAppError(error, 'trust.cache-corrupt') ? error.detail.reason : error
  }
}

describe('a state that is as it was stored', () => {
  const repo = new SlipwayRepository()
  const library = open(storedStateOf(repo))

  it('opens to plans, profiles, sites and policy', () => {
    expect([...library.plans.keys()]).toEqual(['crane-2.5.0'])
    expect([...library.profiles.keys()]).toEqual(['acme-crane'])
    expect([...library.sites.keys()]).toEqual(['harbour'])
    expect(library.consolePolicy.offlineDays).toBe(21)
    expect(library.refused).toEqual([])
    expect(library.issuedAt).toBe(Date.parse(repo.issuedAt))
  })

  it('says who vouches for a target', () => {
    expect(library.target('artifacts/crane-2.5.0.bin')).toEqual({
      path: 'artifacts/crane-2.5.0.bin',
      length: IMAGE.length,
      sha256: sha256Hex(IMAGE),
      custom: { slipway: expect.objectContaining({ component: 'app', version: '2.5.0' }) },
      role: 'artifacts',
      chain: ['targets', 'artifacts'],
    })
    expect(library.target('artifacts/other.bin')).toBeNull()
    expect(library.plans.get('crane-2.5.0')?.target.role).toBe('plans')
  })

  it('lists every role with its keys', () => {
    expect(library.roles.map(({ name, threshold, keys }) => `${name} ${threshold}/${keys}`)).toEqual([
      'root 1/1',
      'timestamp 1/1',
      'snapshot 1/1',
      'targets 1/1',
      'artifacts 1/1',
      'plans 1/1',
      'sites 1/1',
      'policy 1/1',
    ])
  })

  it('opens later than its timestamp lasts: it was good when it was synced', () => {
    const short = new SlipwayRepository()
    short.timestamp.expires = toInstant(Date.now() + 86_400_000)
    short.bump('timestamp')
    expect(reasonOf(storedStateOf(short))).toBe('ok')
  })
})

describe('a cache that is hostile input', () => {
  const repo = new SlipwayRepository()
  const state = storedStateOf(repo)
  const other = storedStateOf(new SlipwayRepository())

  it.each([
    ['another root than the one a person confirmed', { roots: other.roots }, 'trust.fingerprint-mismatch'],
    ['no root', { roots: [] }, 'trust.fingerprint-mismatch'],
    ['a timestamp by a stranger', { timestamp: other.timestamp }, 'trust.threshold'],
    ['a snapshot by a stranger', { snapshot: other.snapshot }, 'trust.threshold'],
    ['roles by strangers', { roles: other.roles }, 'trust.threshold'],
    ['a role that is missing', { roles: new Map([...state.roles].filter(([name]) => name !== 'plans')) }, 'missing'],
    ['documents that are missing', { documents: new Map() }, 'missing'],
    ['a sync time after the timestamp had expired', { syncedAt: Date.parse(repo.expires) }, 'trust.expired'],
    ['nonsense for a timestamp', { timestamp: Buffer.from('[]') }, 'trust.bad-metadata'],
    ['half a snapshot', { snapshot: state.snapshot.subarray(0, 200) }, 'trust.bad-json'],
  ] as [string, Partial<StoredState>, string][])('refuses %s', (_what, change, reason) => {
    expect(reasonOf({ ...state, ...change })).toBe(reason)
  })

  it('refuses a document that was changed in place', () => {
    const documents = new Map([...state.documents].map(([hash, bytes]) => [hash, Buffer.from(bytes)]))
    const [, plan] = [...documents].find(([, bytes]) => bytes.includes('slipway.plan/1'))!
    plan[plan.indexOf('technician')]! ^= 1
    expect(reasonOf({ ...state, documents })).toBe('trust.hash-mismatch')
  })

  it('refuses an older snapshot beside a newer timestamp', () => {
    const before = storedStateOf(repo)
    repo.release()
    expect(reasonOf({ ...storedStateOf(repo), snapshot: before.snapshot })).toBe('trust.mix-and-match')
    expect(reasonOf({ ...storedStateOf(repo), roles: before.roles })).toBe('trust.mix-and-match')
  })
})

it('does not follow more roles than it was told to', () => {
  const state = storedStateOf(new SlipwayRepository())
  expect(() => openStored(state, { limits: { ...limits, listedRoles: 5 } })).not.toThrow()
  const detail = expect.objectContaining({ reason: 'trust.too-many-delegations' })
  expect(() => openStored(state, { limits: { ...limits, listedRoles: 4 } })).toThrow(
    expect.objectContaining({ detail }),
  )
})

describe('documents that are signed and still unusable', () => {
  const refusals = (change: (repo: SlipwayRepository) => void) => {
    const repo = new SlipwayRepository()
    change(repo)
    repo.release()
    const library = open(storedStateOf(repo))
    return { library, codes: library.refused.map(({ path, reason }) => [path, reason.code]) }
  }

  it.each([
    ['a member that nobody knows', { force: true }, 'document.invalid'],
    ['no conditions worth the name', { conditions: [{ id: 'x', at: [], expr: 'true' }] }, 'document.invalid'],
    ['another id inside', { id: 'other' }, 'document.wrong-id'],
    ['a format of the future', { format: 'slipway.plan/2' }, 'document.unknown-format'],
  ])('lists a plan with %s as refused, and keeps the rest', (_what, change, code) => {
    const { library, codes } = refusals((repo) => {
      const plan = JSON.parse(
        Buffer.from([...repo.targetFiles.values()].find((b) => Buffer.from(b).includes('slipway.plan/1'))!).toString(),
      )
      repo.document('plans', 'plans/bad.json', { ...plan, id: 'bad', ...change })
    })
    expect(codes).toEqual([['plans/bad.json', code]])
    expect([...library.plans.keys()]).toEqual(['crane-2.5.0'])
  })

  it.each(['{"format":"slipway.plan/1","format":"slipway.plan/1"}', '{', '', '\ud83d'])(
    'lists %s as refused',
    (text) => {
      expect(refusals((repo) => repo.document('plans', 'plans/bad.json', text)).codes).toEqual([
        ['plans/bad.json', 'document.invalid'],
      ])
    },
  )

  it('refuses both of two types behind one USB id that nothing tells apart', () => {
    const drivers: ProfileInput['drivers'] = [{ driver: 'smp', link: 'serial', usb: [{ vid: '0403', pid: '6001' }] }]
    const { codes, library } = refusals((repo) => {
      repo.profile({ drivers })
      repo.profile({ drivers, type: 'acme-winch' })
    })
    expect(codes).toEqual([
      ['profiles/acme-crane.json', 'document.invalid'],
      ['profiles/acme-winch.json', 'document.invalid'],
    ])
    expect([...library.profiles.keys()]).toEqual([])
  })

  it('lists profiles and sites as refused, too', () => {
    const { codes } = refusals((repo) => {
      repo.document('policy', 'profiles/acme-crane.json', { format: 'slipway.profile/1' })
      repo.document('sites', 'sites/harbour.json', { format: 'slipway.site/1', id: 'port' })
    })
    expect(codes).toEqual([
      ['profiles/acme-crane.json', 'document.invalid'],
      ['sites/harbour.json', 'document.invalid'],
    ])
  })

  it('has no ear for a role that speaks out of its place', () => {
    const { library, codes } = refusals((repo) => {
      repo.document('sites', 'plans/evil.json', {})
      repo.document('plans', 'policy/console.json', {})
      repo.addTarget('plans', 'artifacts/evil.bin', 'x')
    })
    expect(codes).toEqual([])
    expect(library.plans.has('evil')).toBe(false)
    expect(library.target('artifacts/evil.bin')).toBeNull()
    expect(library.consolePolicy.offlineDays).toBe(21)
  })

  it('lists a plan as refused that the lint has something against', () => {
    const repo = new SlipwayRepository()
    const asked: string[][] = []
    const library = openStored(storedStateOf(repo), {
      limits,
      lint(plan, profiles) {
        asked.push([plan.id, ...profiles.map(({ type }) => type)])
        return new AppError('plan.invalid', { detail: { signal: 'boom.gone' } }).toData()
      },
    })
    expect(asked).toEqual([['crane-2.5.0', 'acme-crane']])
    expect(library.plans.size).toBe(0)
    expect(library.refused).toEqual([
      {
        path: 'plans/crane-2.5.0.json',
        reason: { code: 'plan.invalid', retry: 'never', detail: { signal: 'boom.gone' } },
      },
    ])
  })
})

describe('policy, without which nothing is trusted', () => {
  const reason = (change: (repo: SlipwayRepository) => void) => {
    const repo = new SlipwayRepository()
    change(repo)
    repo.release()
    return reasonOf(storedStateOf(repo))
  }

  it.each(['policy/console.json', 'policy/operators.json', 'policy/audit-recipients.json'])('%s', (path) => {
    expect(reason((repo) => delete repo.metadata.get('policy').targets[path])).toBe('trust.unknown-target')
    expect(reason((repo) => repo.document('policy', path, { format: 'x' }))).toBe('document.unknown-format')
    expect(reason((repo) => repo.document('policy', path, 'no json'))).toBe('document.invalid')
  })

  it('a signed time of issue', () => {
    expect(reason((repo) => delete repo.timestamp['x-issued-at'])).toBe('trust.bad-metadata')
    expect(reason((repo) => Object.assign(repo.timestamp, { 'x-issued-at': 'yesterday' }))).toBe('trust.bad-metadata')
  })
})
