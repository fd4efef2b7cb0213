import { expect, test } from 'vitest'
import { smpDriver } from '../../../electron/host/device/drivers/smp/driver.ts'
import { openLink } from '../../../electron/host/link/openers.ts'
import { smpDialect } from '../../../electron/host/protocol/smp/trace-dialect.ts'
import { startSmp } from '../../../electron/sim/start-smp.ts'
import { never, openers, ports } from '../../fixtures/devices/bench.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { replayed, sceneOf } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'

const serial = await storedTrace('smp-serial', 'mcuboot', {})
const DEVICES = [
  // Zephyr's own server over a real MCUboot.
  { ...(await storedTrace('smp-zephyr', 'mcuboot', {})), dialect: smpDialect('console') },
  { ...serial, dialect: smpDialect('console') },
  { ...(await storedTrace('smp-udp', 'mcuboot', {})), dialect: smpDialect('datagram') },
] as const

test('400 updates of replayed devices over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(400, async (run, random) => {
    const device = DEVICES[run % DEVICES.length]
    if (!device) throw new Error('there are devices')
    return replayed({
      ...device,
      driver: smpDriver({ firstSeq: () => Math.floor(random() * 256) }),
      fallsBack: run % 7 === 0,
    })
  })
  expect(judged('smp, replayed', outcomes)).toEqual(HONEST)
})

test('100 updates of a simulated crane over bad lines: no false success', { timeout: 300_000 }, async () => {
  const outcomes = await campaign(100, async (run, random) => {
    const scene = sceneOf({ ...serial, driver: smpDriver({ firstSeq: () => Math.floor(random() * 256) }) })
    const faults = {
      ...(random() < 0.15 && { lie: true }),
      ...(random() < 0.15 && { refuse: 'boot' as const }),
      ...(random() < 0.2 && { powerLossAt: Math.floor(random() * scene.image.length) }),
    }
    const options = { kind: 'smp', type: 'acme-crane', serial: `BAD-${run}`, transport: 'memory' } as const
    const sim = await startSmp({ ...options, version: '2.4.0', seed: run, faults }, ports)
    return {
      ...scene,
      open: () => openLink(openers, sim.address, {}, never),
      runsNew: () => sim.state().hash === scene.image.deviceHash && !sim.state().trial,
      close: () => sim.close(),
    }
  })
  expect(judged('smp, simulated', outcomes)).toEqual(HONEST)
})
