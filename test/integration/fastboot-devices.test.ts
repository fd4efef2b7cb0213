import { expect, onTestFinished, test } from 'vitest'
import { udpOpener } from '../../electron/host/link/udp.ts'
import { usbOpener } from '../../electron/host/link/usb.ts'
import { usbFinder } from '../../electron/host/link/usb-finder.ts'
import {
  FASTBOOT_DEVICE,
  type FastbootConfig,
  FastbootDevice,
  makePlotter,
} from '../../electron/sim/fastboot/device.ts'
import { FastbootUdp } from '../../electron/sim/fastboot/udp-server.ts'
import { FastbootUsb } from '../../electron/sim/fastboot/usb-device.ts'
import { SimUsbBus } from '../../electron/sim/usb/bus.ts'
import { fastboot, plotterImage, plotterProfile } from '../fixtures/devices/fastboot-bench.ts'
import { type RunConsole, startRunConsole } from '../fixtures/devices/run-console.ts'

/** Whole runs over the real registry and driver: the plotter tells its battery in its boot loader too. */
const SAFE = 'signal.battery.mv > 11000.0'

type Line = 'udp' | 'usb'

async function scene(line: Line, config: Partial<FastbootConfig> = {}) {
  const sim = new FastbootDevice({ ...FASTBOOT_DEVICE, serial: 'PL-3', image: makePlotter('1.0.0'), ...config })
  const bus = new SimUsbBus({ gapMs: 60, patienceMs: 600 })
  const server = line === 'udp' ? await FastbootUdp.listen(sim) : null
  onTestFinished(() => server?.close())
  const app = await startRunConsole({
    addresses: server ? [`udp://127.0.0.1:${server.port}`] : [],
    timing: { restartWithin: '15s', stallAfter: '10s' },
    plan: { checks: [] },
    own: {
      profile: plotterProfile({ slots: config.slots ?? false }),
      image: await plotterImage('1.1.0', 60_000),
      safe: SAFE,
      console: {
        drivers: [fastboot],
        openers: [udpOpener(), usbOpener(bus)],
        ...(line === 'usb' && {
          finders: [usbFinder({ bus, wanted: () => true, every: 500, nudges: (nudge) => bus.onChange(nudge) })],
        }),
      },
    },
  })
  onTestFinished(() => app.close())
  if (line === 'usb') bus.plug(new FastbootUsb(sim), 1)
  await expect.poll(() => app.console.registry.get('acme-plotter:PL-3')?.presence).toBe('present')
  return { sim, app }
}

async function over(app: RunConsole, run: string) {
  await expect.poll(() => app.runs.view(run).endedAt, { timeout: 60_000, interval: 20 }).not.toBeNull()
  return app.runs.view(run).result
}

test.for<[Line, boolean]>([
  ['udp', false],
  ['udp', true],
  ['usb', false],
])('over %s, two slots %s: a run from the battery to the version that is read back', async ([line, slots]) => {
  const { sim, app } = await scene(line, { slots })
  const run = await app.start('PL-3')
  expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new', readBack: { app: '1.1.0' } })
  expect(sim).toMatchObject({ version: '1.1.0', mode: 'application', restarts: 2, slot: slots ? 'b' : 'a' })
  expect(app.logged).toEqual([])
})

test.for<Line>(['udp', 'usb'])(
  'over %s, a boot loader without a name: it is known by where it was sent',
  async (line) => {
    const { sim, app } = await scene(line, { nameless: true })
    const claims: unknown[] = []
    const stop = app.console.registry.onChange(() =>
      claims.push(app.console.registry.get('acme-plotter:PL-3')?.claim?.how),
    )
    const run = await app.start('PL-3')
    expect(await over(app, run)).toMatchObject({ outcome: 'succeeded', device: 'runs-new', readBack: { app: '1.1.0' } })
    stop()
    expect(sim).toMatchObject({ version: '1.1.0', mode: 'application' })
    expect(claims).toContain('carried')
    expect(claims).not.toContain('plate')
    expect(app.console.registry.get('acme-plotter:PL-3')?.claim).toBeUndefined()
  },
)

test('power that fails in the middle of writing: half an image is no success, and what is one was read back', async () => {
  const { sim, app } = await scene('udp')
  sim.faults.powerLoss = true
  const run = await app.start('PL-3')
  await expect
    .poll(() => ['attention', 'failed', 'succeeded'].includes(app.runs.view(run).phase), { timeout: 60_000 })
    .toBe(true)
  // What it tried again by itself may have succeeded: then the new version was read back.
  const { phase } = app.runs.view(run)
  expect(phase === 'succeeded').toBe(sim.version === '1.1.0' && sim.mode === 'application')
})
