import { describe, expect, it } from 'vitest'
import { requireSecond } from '../../../electron/host/run/authority.ts'
import { trustTrouble } from '../../../electron/host/run/trust.ts'
import { ANNA, PASSPHRASE, RunWorld } from '../../fixtures/run-world.ts'

const DAY = 86_400_000

describe('the second person', () => {
  const { people } = new RunWorld().ports()
  const place = {
    site: null,
    device: { key: 'acme-crane:CR-0007', name: 'Crane', identity: new RunWorld().device.identity },
  }
  const rule = { twoPerson: true, roles: ['technician' as const] }
  const by = (second: Parameters<typeof requireSecond>[3]) => requireSecond(people, place, ANNA.operator, second, rule)

  it('is another one, however they were made out', async () => {
    await expect(by(undefined)).rejects.toMatchObject({ code: 'people.second-person-needed' })
    await expect(by({ verified: 'anna' })).rejects.toMatchObject({ code: 'people.same-person-twice' })
    await expect(by({ operator: 'anna', passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'people.same-person-twice',
    })
    await expect(by({ verified: 'ole' })).resolves.toBe('ole')
  })

  it('must be who they say, and may do it too', async () => {
    await expect(by({ operator: 'ole', passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'people.wrong-passphrase',
    })
    await expect(by({ operator: 'sven', passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'people.role-missing',
    })
    await expect(by({ verified: 'sven' })).rejects.toMatchObject({ code: 'people.role-missing' })
  })
})

describe('trust, asked before each act', () => {
  const world = new RunWorld()
  const library = world.library!
  const { target } = library.plans.get(world.plan.id)!
  const trouble = (now: number, begun: boolean, held = world.library) =>
    trustTrouble({ current: () => held, onChange: () => () => {} }, { plan: world.plan, target }, null, now, begun)
      ?.code

  it('ends with what may be used offline, also for a run that has begun', () => {
    const ends = library.issuedAt + library.consolePolicy.offlineDays * DAY
    for (const begun of [false, true]) {
      expect(trouble(ends - 1, begun)).toBeUndefined()
      expect(trouble(ends, begun)).toBe('trust.offline-too-long')
    }
  })

  it('what a sync took away stops a run that has not begun, and no other', () => {
    const without = world.makeLibrary([])
    expect(trouble(world.time.now(), false, without)).toBe('plan.unknown')
    expect(trouble(world.time.now(), true, without)).toBeUndefined()
  })
})
