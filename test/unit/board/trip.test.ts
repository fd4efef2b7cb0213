import { describe, expect, it } from 'vitest'
import { type TripQuestion, tripCheck } from '../../../electron/host/board/trip.ts'
import type { Library } from '../../../electron/host/trust/library.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { openStored } from '../../../electron/host/trust/stored-state.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'
import { storedStateOf } from '../../fixtures/tuf/stored.ts'

const DAY = 86_400_000
const NOW = Math.floor(Date.now() / 1000) * 1000
const FILE = { target: 'artifacts/crane-2.5.0.bin', plans: ['crane-2.5.0'], bytes: 1000, held: true }

function library(change: (repo: SlipwayRepository) => void = () => {}): Library {
  const repo = new SlipwayRepository({ now: NOW })
  change(repo)
  repo.release()
  return openStored(storedStateOf(repo, { syncedAt: NOW }), { limits: DEFAULT_LIMITS })
}

const ask = (days: number, change: Partial<TripQuestion> = {}) =>
  tripCheck({
    library: library(),
    site: 'harbour',
    operator: { id: 'kari', leaseUntil: NOW + 40 * DAY },
    now: NOW,
    until: NOW + days * DAY,
    wanted: [FILE],
    freeBytes: 1e12,
    ...change,
  })
const bad = (trip: ReturnType<typeof ask>) =>
  trip.items.filter(({ good }) => !good).map(({ kind, name, remedy, reason }) => [kind, name, remedy, reason?.code])

describe('a trip', () => {
  it('that everything outlasts is good, and shows what was looked at', () => {
    const trip = ask(10)
    expect(trip).toMatchObject({ site: 'harbour', good: true, toFetch: 0 })
    expect(trip.items.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['plan', 'offline-limit', 'root', 'targets', 'role', 'lease']),
    )
    const ends = trip.items.map(({ until }) => until ?? 0)
    expect(ends).toEqual(ends.toSorted((a, b) => a - b))
  })

  it('names each end that comes before the return, once, the first to end first', () => {
    expect(bad(ask(20.5))).toEqual([['plan', 'crane-2.5.0', 'publisher', 'plan.expired']])
    expect(bad(ask(25))).toEqual([
      ['plan', 'crane-2.5.0', 'publisher', 'plan.expired'],
      ['offline-limit', '', 'sync', 'trust.offline-too-long'],
    ])
    const long = bad(ask(60)).map(([kind, name]) => `${kind} ${name}`)
    expect(long).toEqual(expect.arrayContaining(['root root', 'role plans', 'role artifacts', 'lease kari']))
    expect(new Set(long).size).toBe(long.length)
  })

  it('does not care for a plan that nobody needs there', () => {
    expect(bad(ask(20.5, { wanted: [] }))).toEqual([])
  })

  it('names files that are not here, and what they cost', () => {
    const trip = ask(5, { wanted: [{ ...FILE, held: false }] })
    expect(bad(trip)).toEqual([['artifact', FILE.target, 'fetch', 'artifact.missing']])
    expect(trip).toMatchObject({ good: false, toFetch: 1000 })
  })

  it('needs room for what it fetches, and none for what it has', () => {
    const full = { freeBytes: 1000 }
    expect(bad(ask(5, { ...full, wanted: [{ ...FILE, held: false }] })).map(([kind]) => kind)).toEqual([
      'space',
      'artifact',
    ])
    expect(bad(ask(5, full))).toEqual([])
    expect(bad(ask(5, { freeBytes: null, wanted: [{ ...FILE, held: false }] })).map(([kind]) => kind)).toEqual([
      'artifact',
    ])
  })

  it('needs to know every device type of the place', () => {
    const unknown = library((repo) =>
      repo.document('sites', 'sites/harbour.json', {
        format: 'slipway.site/1',
        id: 'harbour',
        title: 'Harbour',
        zone: 'Europe/Oslo',
        devices: [{ name: 'Lift', type: 'acme-lift', serial: '1', wanted: {} }],
      }),
    )
    expect(bad(ask(5, { library: unknown }))).toEqual([['profile', 'acme-lift', 'publisher', 'device.no-profile']])
  })

  it('of yesterday is one that ends now', () => {
    const over = library((repo) => {
      repo.plan({ notBefore: toInstant(NOW - 9 * DAY), expires: toInstant(NOW - DAY) })
    })
    expect(bad(ask(-5, { library: over }))).toEqual([['plan', 'crane-2.5.0', 'publisher', 'plan.expired']])
  })

  it('cannot be judged without trust', () => {
    expect(() => ask(5, { library: null })).toThrow(expect.objectContaining({ code: 'trust.none' }))
  })
})
