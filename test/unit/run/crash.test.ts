import { describe, expect, it } from 'vitest'
import { play, type Scenario, untruths } from '../../fixtures/crash-scenario.ts'

const SCENARIOS: Readonly<Record<string, { scenario: Scenario; outcome: string }>> = {
  'a run that succeeds, with holds and a word': {
    outcome: 'succeeded',
    scenario: {
      options: {
        plan: {
          holds: ['before-restart'],
          conditions: [
            { id: 'boom', at: ['write', 'restart'], watch: true, expr: 'signal.boom.parked' },
            { id: 'clear', at: ['restart'], attest: { text: 'Nobody near', evidence: 'note' } },
          ],
        },
      },
    },
  },
  'a detached device': { outcome: 'succeeded', scenario: { options: { driver: { without: [] } } } },
  'a check that fails': {
    outcome: 'rolled-back',
    scenario: { prepare: ({ device }) => device.signals.set('health.selftest', 'fail') },
  },
  'an image that is refused': {
    outcome: 'failed',
    scenario: {
      prepare: ({ device }) =>
        Object.assign(device.faults, { refuseImage: 'device.image-rejected', refusedButPending: true }),
    },
  },
  'a link that is lost while writing': {
    outcome: 'succeeded',
    scenario: {
      prepare: ({ device }) => {
        device.faults.loseLinkAt = { bytes: 9_000, forMs: 8_000 }
      },
    },
  },
  'a version that lies': {
    outcome: 'failed',
    scenario: {
      prepare: ({ device }) => {
        device.faults.lies = true
      },
    },
  },
  'a stop while writing': {
    outcome: 'cancelled',
    scenario: {
      options: { length: 60_000 },
      person: async ({ device }, service, run) => {
        if ((device.partial?.done ?? 0) > 5_000 && service.view(run).canCancel) await service.cancel({ run }, null)
      },
    },
  },
  'a device without trial boot': {
    outcome: 'succeeded',
    scenario: {
      options: { driver: { traits: { trialBoot: false }, without: ['detach', 'confirm', 'rollback', 'restore'] } },
    },
  },
}

describe.each(Object.entries(SCENARIOS))('%s', (_, { scenario, outcome }) => {
  it('ends the same, and true to the device, wherever the host dies', async () => {
    const alive = await play(scenario, [])
    expect([alive.view?.result?.outcome, untruths(alive)]).toEqual([outcome, []])
    expect(alive.commits).toBeGreaterThan(6)
    for (const when of ['before', 'after'] as const) {
      for (let commit = 1; commit <= alive.commits; commit += 1) {
        const end = await play(scenario, [{ commit, when }])
        const where = `${when} commit ${commit} of ${alive.commits}`
        // Dead before its first commit it never began; anything else ends as it would have, or as safely.
        const expected = end.view === null ? null : outcome
        expect({ where, untruths: untruths(end), outcome: end.view?.result?.outcome ?? null }).toEqual({
          where,
          untruths: [],
          outcome: expected,
        })
      }
    }
  })
})

it.each([1_000, 7_000, 20_000])('a host that dies %s bytes into a write goes on from there', async (killAtBytes) => {
  const end = await play({ killAtBytes }, [])
  expect([untruths(end), end.view?.result?.outcome]).toEqual([[], 'succeeded'])
  expect(end.world.device.acts).toContain(`write from ${killAtBytes}`)
})
