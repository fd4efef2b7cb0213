import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Image } from '../../electron/host/device/driver.ts'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { swupdateDriver } from '../../electron/host/device/drivers/swupdate/driver.ts'
import { makeSystem } from '../../electron/sim/artifacts/demo.ts'
import type { SimType } from '../../electron/sim/profiles.ts'
import { type RemoteSim, startRemoteSim } from '../../electron/sim/remote.ts'
import type { StartSim } from '../../electron/sim/start.ts'
import { FAST, firmware, imageOf, never, watched } from '../fixtures/devices/bench.ts'
import { type Console, startConsole } from '../fixtures/devices/console.ts'

/** Devices in processes of their own, and a registry as the console has it: whole updates, and what survives a kill. */
const ENTRY = fileURLToPath(new URL('../../electron/sim/entry.ts', import.meta.url))

let dir: string
const cleanUps: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-sims-'))
})
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
  await rm(dir, { recursive: true, force: true })
})

async function startSim(config: StartSim): Promise<RemoteSim> {
  const sim = await startRemoteSim(ENTRY, config)
  cleanUps.push(() => sim.close())
  return sim
}

function openConsole(...sims: readonly RemoteSim[]): Console {
  const drivers = [
    smpDriver({ firstSeq: () => Math.floor(performance.now()) & 0xff, timing: FAST }),
    swupdateDriver({ timing: { between: 50, words: 100, look: 30 } }),
  ]
  const console = startConsole({ drivers })
  cleanUps.push(() => console.close())
  console.name(...sims.map(({ address }) => address))
  return console
}

async function present(console: Console, key: string): Promise<void> {
  await expect.poll(() => console.registry.get(key)).toMatchObject({ presence: 'present', trouble: null })
}

test('a serial cable that falls out is put back at the same place, and the device is found again', async () => {
  const sim = await startSim({ kind: 'smp', type: 'acme-crane', serial: 'CR-7', transport: 'pty', dir, bootMs: 50 })
  const before = sim.address
  const console = openConsole(sim)
  await present(console, 'acme-crane:CR-7')
  // The cable is back within a moment: whoever looks only now and then might never see it gone.
  const seen = new Set<string | undefined>()
  onTestFinished(console.registry.onChange(() => seen.add(console.registry.get('acme-crane:CR-7')?.presence)))
  await promisify(execFile)('pkill', ['-P', String(sim.process.pid), 'socat'])
  await expect.poll(() => [...seen].some((presence) => presence !== 'present')).toBe(true)
  await present(console, 'acme-crane:CR-7')
  expect(sim.address).toBe(before)
})

async function update(console: Console, key: string, image: Image): Promise<void> {
  const { registry } = console
  await registry.use(key, ({ driver, device }) => driver.write(device, image, watched(), never), never)
  await registry.use(key, ({ driver, device }) => driver.attach(device, [image], never), never)
  await registry.waitForReturn(key, 15_000, never)
  const status = await registry.use(key, (session) => session.status(never), never)
  expect(status.versions[image.component]).toBe(image.version)
  await registry.use(key, async ({ driver, device }) => driver.confirm?.(device, [image], never), never)
}

const CONFIGS = (): readonly StartSim[] => [
  {
    kind: 'smp',
    type: 'acme-crane',
    serial: 'CR-1',
    transport: 'pty',
    dir,
    version: '2.4.0',
    stateFile: join(dir, 'crane.json'),
  },
  {
    kind: 'smp',
    type: 'acme-gateway',
    serial: 'GW-1',
    transport: 'udp',
    version: '2.4.0',
    stateFile: join(dir, 'gateway.json'),
  },
  { kind: 'swupdate', type: 'acme-winch', serial: 'WI-1', version: '1.0.0', stateFile: join(dir, 'winch.json') },
]
const NEXT: Readonly<Record<SimType, () => Promise<Image>>> = {
  'acme-crane': () => firmware('acme-crane', '2.5.0', 60_000),
  'acme-gateway': () => firmware('acme-gateway', '2.5.0', 60_000),
  'acme-winch': async () => imageOf(await makeSystem({ type: 'acme-winch', version: '1.1.0' }), 'swu'),
}

test('three devices of three kinds are found and updated at the same time', async () => {
  const sims = await Promise.all(CONFIGS().map(startSim))
  const console = openConsole(...sims)
  await Promise.all(
    CONFIGS().map(async ({ type, serial }) => {
      await present(console, `${type}:${serial}`)
      await update(console, `${type}:${serial}`, await NEXT[type]())
    }),
  )
  const states = await Promise.all(sims.map((sim) => sim.send({ t: 'state' })))
  expect(states.map(({ version, trial }) => [version, trial])).toEqual([
    ['2.5.0', false],
    ['2.5.0', false],
    ['1.1.0', false],
  ])
})

test.for(['acme-crane', 'acme-gateway', 'acme-winch'] as const)(
  '%s keeps its flash through a kill of its process',
  async (type) => {
    const config = CONFIGS().find((one) => one.type === type)
    if (!config) return
    const first = await startSim(config)
    const console = openConsole(first)
    const key = `${config.type}:${config.serial}`
    await present(console, key)
    await update(console, key, await NEXT[type]())
    await first.send({ t: 'state' })
    // Longer than the state file waits with its writing.
    await new Promise((resolve) => setTimeout(resolve, 200))
    first.process.kill('SIGKILL')
    await new Promise((resolve) => first.process.once('exit', resolve))
    const second = await startSim(config)
    const { version } = await second.send({ t: 'state' })
    expect(version).toBe((await NEXT[type]()).version)
  },
)

test('surroundings are played over the line, and nonsense is answered', async () => {
  const [config] = CONFIGS()
  if (!config) return
  const sim = await startSim(config)
  const console = openConsole(sim)
  await present(console, 'acme-crane:CR-1')
  const read = async () => {
    const readings = await console.registry.use(
      'acme-crane:CR-1',
      (session) => session.readSignals(['boom.parked', 'motor.rpm'], never),
      never,
    )
    return readings.map(({ value }) => value)
  }
  expect(await read()).toEqual([true, 0])
  expect((await sim.send({ t: 'play', fault: 'boom-up' })).signals).toMatchObject({ 'boom.parked': false })
  expect(await read()).toEqual([false, 420])
  await sim.send({ t: 'play', fault: 'none' })
  expect(await read()).toEqual([true, 0])
  await expect(sim.send({ t: 'explode' } as never)).rejects.toMatchObject({ code: 'rpc.bad-input' })
  const before = sim.address
  await sim.send({ t: 'unplug' })
  await sim.send({ t: 'plug' })
  expect(sim.address).not.toBe(before)
})

test('a device that loses its power in mid-upload is written all the same', async () => {
  const sim = await startSim({
    kind: 'smp',
    type: 'acme-gateway',
    serial: 'GW-2',
    transport: 'udp',
    version: '2.4.0',
    bootMs: 200,
  })
  const console = openConsole(sim)
  await present(console, 'acme-gateway:GW-2')
  await sim.send({ t: 'play', fault: 'power-loss' })
  await update(console, 'acme-gateway:GW-2', await firmware('acme-gateway', '2.5.0', 80_000))
  expect(await sim.send({ t: 'state' })).toMatchObject({ version: '2.5.0', trial: false, restarts: 2 })
})
