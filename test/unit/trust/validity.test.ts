import { describe, expect, it } from 'vitest'
import type { Library } from '../../../electron/host/trust/library.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { openStored } from '../../../electron/host/trust/stored-state.ts'
import { libraryDeadline, overdue, planDeadline } from '../../../electron/host/trust/validity.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../../fixtures/tuf/stored.ts'

const DAY = 86_400_000
// A whole second: signed times have no fractions.
const NOW = Math.floor(Date.now() / 1000) * 1000

function library(change: (repo: SlipwayRepository) => void = () => {}): Library {
  const repo = new SlipwayRepository({ now: NOW })
  change(repo)
  repo.release()
  return openStored(storedStateOf(repo, { syncedAt: NOW }), { limits: DEFAULT_LIMITS })
}
const expire = (role: string, days: number) => (repo: SlipwayRepository) => {
  repo.metadata.get(role).expires = toInstant(NOW + days * DAY)
  if (role === 'root') repo.bump('root')
}
const plan = (lib: Library) => lib.plans.get('crane-2.5.0')!

describe('until when the console may act', () => {
  it('the signed time of issue plus the longest time offline', () => {
    expect(libraryDeadline(library())).toEqual({
      until: NOW + 21 * DAY,
      limit: 'offline-limit',
      name: '',
      offlineDays: 21,
    })
  })

  it.each([
    ['root', 'root'],
    ['targets', 'targets'],
    ['policy', 'role'],
  ])('the %s role, when it ends earlier', (role, limit) => {
    expect(libraryDeadline(library(expire(role, 5)))).toEqual({ until: NOW + 5 * DAY, limit, name: role })
  })

  it.each(['timestamp', 'snapshot', 'sites', 'plans', 'artifacts'])('not the %s role', (role) => {
    expect(libraryDeadline(library(expire(role, 5))).limit).toBe('offline-limit')
  })
})

describe('until when a plan may be run', () => {
  it('its own end', () => {
    const lib = library()
    expect(planDeadline(lib, plan(lib))).toEqual({ until: NOW + 20 * DAY, limit: 'plan', name: 'crane-2.5.0' })
  })

  it.each(['plans', 'artifacts', 'policy'])('the %s role, when it ends earlier', (role) => {
    const lib = library(expire(role, 4))
    expect(planDeadline(lib, plan(lib))).toEqual({ until: NOW + 4 * DAY, limit: 'role', name: role })
  })

  it('the role of its profile, where profiles have a role of their own', () => {
    const lib = library((repo) => {
      const path = 'profiles/acme-crane.json'
      repo.targets.delegations.roles[0].paths = ['policy/*']
      repo.delegate('targets', { name: 'profiles', paths: ['profiles/*'] })
      repo.metadata.get('profiles').targets[path] = repo.metadata.get('policy').targets[path]
      expire('profiles', 4)(repo)
    })
    expect(planDeadline(lib, plan(lib))).toEqual({ until: NOW + 4 * DAY, limit: 'role', name: 'profiles' })
    expect(libraryDeadline(lib).limit).toBe('offline-limit')
  })

  it('the role of the site, where one is chosen', () => {
    const lib = library(expire('sites', 4))
    expect(planDeadline(lib, plan(lib)).limit).toBe('plan')
    const site = lib.sites.get('harbour')!.target
    expect(planDeadline(lib, plan(lib), { site })).toEqual({ until: NOW + 4 * DAY, limit: 'role', name: 'sites' })
  })

  it('the operator’s lease', () => {
    const lib = library()
    const lease = { operator: 'kari', until: NOW + DAY }
    expect(planDeadline(lib, plan(lib), { lease })).toEqual({ until: NOW + DAY, limit: 'lease', name: 'kari' })
  })

  it('a root that ends before everything in it (a valid pack must say so)', () => {
    const lib = library(expire('root', 2))
    expect(planDeadline(lib, plan(lib))).toMatchObject({ limit: 'root', until: NOW + 2 * DAY })
  })
})

describe('what is over', () => {
  const lib = library()
  it('at the instant, and not a moment before', () => {
    const deadline = planDeadline(lib, plan(lib))
    expect(overdue(deadline, deadline.until - 1)).toBeNull()
    expect(overdue(deadline, deadline.until)).toMatchObject({ code: 'plan.expired' })
  })

  it.each([
    ['offline-limit', 'trust.offline-too-long'],
    ['root', 'trust.expired'],
    ['targets', 'trust.expired'],
    ['role', 'trust.expired'],
    ['lease', 'people.lease-ended'],
  ] as const)('names %s by its code', (limit, code) => {
    expect(overdue({ until: 1, limit, name: 'x' }, 2)?.code).toBe(code)
  })

  it.each(['plan', 'offline-limit', 'root', 'targets', 'role', 'lease'] as const)(
    'says when it ended, whatever ended it: %s',
    (limit) => {
      const reason = overdue({ until: NOW, limit, name: 'x', offlineDays: 21 }, NOW + DAY)
      expect(Object.values(reason!.detail)).toContain(NOW)
    },
  )
})
