import { expect, onTestFinished, type TestContext, test } from 'vitest'
import type { ProfileInput } from '../../shared/model/profile.ts'
import { MACHINE, swupdateBench } from './swupdate/console.ts'
import { type SwupdateDaemon, startSwupdate } from './swupdate/daemon.ts'
import { needsSwupdate } from './swupdate/needs-swupdate.ts'

/**
 * A device behind the device: the winch's SWUpdate passes the package inside the package on to the SWUpdate of its arm
 * (`swuforward`), and tells what the arm runs. Two real daemons.
 */

const withArm = (profile: ProfileInput): ProfileInput => ({
  ...profile,
  components: [
    ...profile.components,
    {
      id: 'arm',
      title: 'Arm',
      version: { source: { from: 'http.json', path: '/device.json', pointer: '/arm/version' } },
    },
  ],
})

async function armBench(context: TestContext, inner: (arm: SwupdateDaemon) => Promise<Uint8Array>) {
  needsSwupdate(context)
  const arm = await startSwupdate({ login: false, serial: 'ARM-1', version: MACHINE.from, selfStarts: true })
  onTestFinished(() => arm.close())
  const make = async (winch: SwupdateDaemon) =>
    winch.package(MACHINE.to, { images: [{ name: 'arm.swu', bytes: await inner(arm), forwardTo: arm.address }] })
  const artifacts = [{ component: 'arm', target: `artifacts/${MACHINE.target}`, version: MACHINE.to }]
  const bench = await swupdateBench(context, make, {
    daemon: { behind: arm },
    profile: withArm,
    custom: { component: 'arm' },
    plan: { artifacts },
  })
  return { ...bench, arm }
}

test('a package that is passed on: success is what the arm itself then runs', async (context) => {
  const bench = await armBench(context, (arm) => arm.package(MACHINE.to))
  const [winch, arm] = [bench.daemon.slotHash(), bench.arm.slotHash()]
  expect(await bench.end(await bench.start())).toMatchObject({
    phase: 'succeeded',
    change: { arm: { from: MACHINE.from, to: MACHINE.to } },
    result: { device: 'runs-new', readBack: { arm: MACHINE.to } },
  })
  expect(bench.arm.slotHash()).not.toBe(arm)
  expect(bench.daemon.slotHash()).toBe(winch)
})

test.for([
  {
    what: 'an arm that refuses',
    inner: (arm: SwupdateDaemon) => arm.package(MACHINE.to, { sign: (text) => arm.stranger.sign(text) }),
    code: /^device\.(forward-failed|signature-rejected)$/,
    said: /^SWU transfer to http:|Authentication of all signatures failed/,
  },
  {
    what: 'an arm that is off',
    inner: async (arm: SwupdateDaemon) => {
      const bytes = await arm.package(MACHINE.to)
      await arm.kill()
      return bytes
    },
    code: /^device\.forward-failed$/,
    said: /Couldn't connect|No connection to/,
  },
])('$what: it is named, in the words of the winch, and neither has changed', async ({ inner, code, said }, context) => {
  const bench = await armBench(context, inner)
  const [winch, arm] = [bench.daemon.slotHash(), bench.arm.slotHash()]
  const done = await bench.end(await bench.start())
  expect(done).toMatchObject({
    phase: 'failed',
    result: {
      device: 'runs-old',
      readBack: { arm: MACHINE.from },
      reason: { code: expect.stringMatching(code), detail: { said: expect.stringMatching(said) } },
    },
  })
  expect([bench.daemon.slotHash(), bench.arm.slotHash()]).toEqual([winch, arm])
})
