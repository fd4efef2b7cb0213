import { expect, test } from 'vitest'
import { smpDriver } from '../../../electron/host/device/drivers/smp/driver.ts'
import { openLink } from '../../../electron/host/link/openers.ts'
import { smpDialect } from '../../../electron/host/protocol/smp/trace-dialect.ts'
import { startSmp } from '../../../electron/sim/start-smp.ts'
import { never, openers, ports } from '../../fixtures/devices/bench.ts'
import { campaign, HONEST, judged } from '../../fixtures/replay/campaign.ts'
import { replayed, sceneOf } from '../../fixtures/replay/replayed.ts'
import { storedTrace } from '../../fixtures/replay/stored.ts'

const stored = {
  console: await storedTrace('smp-serial', 'mcuboot', {}),
  datagram: await storedTrace('smp-udp', 'mcuboot', {}),
}

test('400 updates of a replayed crane over bad lines: no false success', { timeout: 120_000 }, async () => {
  const outcomes = await campaign(400, async (run, random) => {
    const kind = run % 2 === 0 ? 'console' : 'datagram'
    return replayed({
      ...stored[kind],
      dialect: smpDialect(kind),
      driver: smpDriver({ firstSeq: () => Math.floor(random() * 256) }),
      fallsBack: run % 5 === 0,
    })
  })
  expect(judged('smp, replayed', outcomes)).toEqual(HONEST)
})

test('100 updates of a simulated crane over bad lines: no false success', { timeout: 120_000 }, async () => {
  const outcomes = await campaign(100, async (run, random) => {
    const scene = sceneOf({ ...stored.console, driver: smpDriver({ firstSeq: () => Math.floor(random() * 256) }) })
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
