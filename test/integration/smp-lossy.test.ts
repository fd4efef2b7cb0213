import { expect, test } from 'vitest'
import { makeFirmware } from '../../electron/sim/artifacts/demo.ts'
import { type Faults, seededRandom } from '../../electron/sim/faults.ts'
import { imageInfo } from '../../electron/sim/smp/image-pair.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { isAppError } from '../../shared/errors.ts'
import { driver, imageOf, never, openDevice, ports, watched } from '../fixtures/devices/bench.ts'

/**
 * Updates over links that lose, double, delay and reorder packets. What counts: a driver that says "written",
 * "confirmed" or "runs" is right each time, whatever was lost. Giving up with a code is allowed.
 */
const SEED = Number(process.env.SEED ?? 20_260_301)
const CAMPAIGN = 60

const bytes = makeFirmware({ type: 'acme-crane', version: '2.5.0', size: 24_000 })
const newHash = imageInfo(bytes)?.hash

interface Outcome {
  readonly run: number
  readonly end: string
  /** Words of the driver that were not true of the device. */
  readonly lies: readonly string[]
  /** The device was told to lie or to refuse: it cannot be updated. */
  readonly hopeless: boolean
}

async function update(run: number): Promise<Outcome> {
  const random = seededRandom(SEED + run)
  const faults: Partial<Faults> = {
    drop: random() * 0.15,
    duplicate: random() * 0.15,
    late: random() * 0.15,
    lateMs: 20 + random() * 300,
    ...(random() < 0.25 && { powerLossAt: Math.floor(random() * 24_000) }),
    ...(random() < 0.1 && { lie: true }),
    ...(random() < 0.1 && { refuse: 'boot' }),
  }
  const transport = run % 4 === 0 ? 'udp' : 'memory'
  const options = { kind: 'smp', type: 'acme-crane', serial: `LO-${run}`, version: '2.4.0', bootMs: 40 } as const
  const sim = await startSmp({ ...options, transport, faults, seed: SEED + run }, ports)
  const device = await openDevice(sim.address, 'acme-crane')
  const image = await imageOf(bytes)
  const lies: string[] = []
  const check = (said: string, isTrue: boolean) => isTrue || lies.push(said)
  const hopeless = faults.lie === true || faults.refuse === 'boot'
  try {
    check('identity', (await driver.identify(device, never))?.serial === sim.serial)
    await driver.write(device, image, watched(), never)
    check('written', sim.slot('secondary') === newHash)
    await driver.attach(device, [image], never)
    await expect.poll(() => sim.state().running).toBe(true)
    const { slots } = await driver.status(device, never)
    const runs = slots.find((slot) => slot.active)?.hash
    check('runs', runs === sim.state().hash)
    await driver.confirm?.(device, [image], never)
    check('confirmed', sim.state().hash === newHash && !sim.state().trial)
    return { run, end: 'updated', lies, hopeless }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { run, end: error.code, lies, hopeless }
  } finally {
    await device.link.close()
    await sim.close()
  }
}

test(`${CAMPAIGN} updates over bad links: no false success (seed ${SEED})`, async () => {
  const outcomes = await Promise.all(Array.from({ length: CAMPAIGN }, (_, run) => update(run)))
  const ends = Map.groupBy(outcomes, ({ end, hopeless }) => `${end}${hopeless ? ' (hopeless)' : ''}`)
  console.log('lossy campaign:', Object.fromEntries([...ends].map(([end, runs]) => [end, runs.length])))
  expect(outcomes.filter(({ lies }) => lies.length > 0)).toEqual([])
  expect(outcomes.filter(({ end, hopeless }) => hopeless && end === 'updated')).toEqual([])
  const possible = outcomes.filter(({ hopeless }) => !hopeless)
  expect(possible.filter(({ end }) => end === 'updated').length / possible.length).toBeGreaterThan(0.5)
})
