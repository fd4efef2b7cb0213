import { expect, test } from 'vitest'
import { ymodemDriver } from '../../../electron/host/device/drivers/ymodem/driver.ts'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { BootSim, makePump } from '../../../electron/sim/boot/boot-sim.ts'
import { imageOf } from '../../fixtures/devices/bench.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { lasting } from '../../fixtures/replay/lasting.ts'
import { replayed, sceneOf } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'

const stored = await storedTrace('ymodem', 'raw', { version: '2.5.0' })

test('400 updates of a replayed U-Boot over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(400, async (run) =>
    replayed({ ...stored, driver: ymodemDriver(), fallsBack: run % 5 === 0 }),
  )
  expect(judged('ymodem, replayed', outcomes)).toEqual(HONEST)
})

test('100 updates of a simulated boot loader over bad lines: no false success', { timeout: 300_000 }, async () => {
  const image = await imageOf(makePump('2.5.0', 20_000), 'raw', { version: '2.5.0' })
  const wanted = Buffer.from(makePump('2.5.0', 20_000))
  const outcomes = await campaign(100, async (_run, random) => {
    const [near, far] = memoryBytePair('sim:pump')
    const sim = new BootSim(far, {
      serial: 'P-7',
      image: makePump('2.4.0'),
      faults: {
        ...(random() < 0.1 && { spoil: random() < 0.5 ? ('memory' as const) : ('media' as const) }),
        ...(random() < 0.1 && { cancelAt: Math.floor(random() * 20_000) }),
        ...(random() < 0.05 && { noStart: true }),
        ...(random() < 0.2 && { chatterMs: 400 }),
      },
      countMs: 2000,
      silenceMs: 3000,
    })
    const running = sim.run()
    const line = lasting(near)
    return {
      ...sceneOf({ ...stored, driver: ymodemDriver() }),
      image,
      open: async () => line.open(),
      runsNew: () => sim.mode === 'application' && Buffer.from(sim.image).equals(wanted),
      close: async () => {
        sim.switchOff()
        await near.close()
        await running.catch(() => {})
      },
    }
  })
  expect(judged('ymodem, simulated', outcomes)).toEqual(HONEST)
})
