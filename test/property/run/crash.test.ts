import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { play, type Scenario, untruths } from '../../fixtures/crash-scenario.ts'

/** Mostly nothing: a device on which everything fails at once teaches little. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
const seldom = rarely(fc.constant(true)).map((one) => one !== null)

const faults = fc.record({
  loseLinkAt: rarely(
    fc.record({ bytes: fc.integer({ min: 1_000, max: 20_000 }), forMs: fc.integer({ min: 100, max: 90_000 }) }),
  ),
  refuseImage: rarely(fc.constantFrom('device.image-rejected' as const, 'device.image-corrupt' as const)),
  refusedButPending: fc.boolean(),
  stallAt: rarely(rarely(fc.constant(4_000))),
  failsToBoot: seldom,
  lies: seldom,
})
const death = fc.record({
  commit: fc.integer({ min: 1, max: 14 }),
  when: fc.constantFrom('before' as const, 'after' as const),
})
const scenario = fc
  .record({
    faults,
    selftest: fc.constantFrom('pass', 'pass', 'fail'),
    can: fc.constantFrom<Scenario['options']>(
      {},
      { driver: { without: [] } },
      { driver: { traits: { stoppable: false } } },
      { driver: { traits: { trialBoot: false }, without: ['detach', 'confirm', 'rollback', 'restore'] } },
    ),
    onCheckFail: fc.constantFrom('rollback' as const, 'ask' as const),
    holds: fc.subarray(['before-write', 'before-restart', 'before-confirm'] as const),
    stopAt: rarely(fc.integer({ min: 1, max: 20_000 })),
    killAtBytes: rarely(fc.integer({ min: 1, max: 20_000 })),
  })
  .map(
    ({ faults: wrong, selftest, can, onCheckFail, holds, stopAt, killAtBytes }): Scenario => ({
      options: { ...can, plan: { onCheckFail, holds } },
      prepare: ({ device }) => {
        // Each play needs its own: a link that was lost once is not lost again.
        Object.assign(device.faults, structuredClone(wrong))
        device.signals.set('health.selftest', selftest)
      },
      ...(killAtBytes !== null && { killAtBytes }),
      ...(stopAt !== null && {
        person: async ({ device }, service, run) => {
          const view = service.view(run)
          if (device.bytesWritten >= stopAt && view.canCancel) await service.cancel({ run }, null)
        },
      }),
    }),
  )

it('whatever goes wrong with the device, and however often the host dies, the end is true', async () => {
  const outcomes = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(scenario, fc.array(death, { maxLength: 4 }), async (one, deaths) => {
      const end = await play(one, deaths)
      const outcome = end.view?.result?.outcome ?? 'nothing'
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      expect(untruths(end)).toEqual([])
    }),
    { numRuns: 150, interruptAfterTimeLimit: 45_000, markInterruptAsFailure: false },
  )
  expect(outcomes.size).toBeGreaterThan(2)
})
