import { expect, test } from 'vitest'
import { fastbootDriver } from '../../../electron/host/device/drivers/fastboot/driver.ts'
import type { DatagramLink } from '../../../electron/host/link/link.ts'
import { memoryDatagramPair } from '../../../electron/host/link/memory.ts'
import { FASTBOOT_DEVICE, FastbootDevice, makePlotter } from '../../../electron/sim/fastboot/device.ts'
import { FastbootPackets } from '../../../electron/sim/fastboot/udp-server.ts'
import { imageOf } from '../../fixtures/devices/bench.ts'
import { plotterProfile } from '../../fixtures/devices/fastboot-bench.ts'
import { campaign, HONEST, judged, type Victim } from '../../fixtures/replay/campaign.ts'

const SIZE = 30_000
const wanted = Buffer.from(makePlotter('1.1.0', SIZE))

/** A plotter with troubles of its own; what it runs is judged by every byte. */
function plotter(random: () => number) {
  const slots = random() < 0.3
  const sim = new FastbootDevice({ ...FASTBOOT_DEVICE, serial: 'PL-3', image: makePlotter('1.0.0'), slots })
  Object.assign(sim.faults, {
    lines: Math.floor(random() * 4),
    ...(random() < 0.1 && { lie: true }),
    ...(random() < 0.1 && { refuse: 'write failure' }),
    ...(random() < 0.1 && { powerLoss: true }),
    ...(random() < 0.05 && { deadAt: Math.floor(random() * SIZE) }),
  })
  const runsNew = () => {
    const held = sim.partitions.get(slots ? `system_${sim.slot}` : 'system')
    return sim.mode === 'application' && wanted.equals(Buffer.from(held ?? []))
  }
  return { sim, slots, runsNew }
}

async function victim(slots: boolean, rest: Pick<Victim, 'open' | 'runsNew' | 'close'>): Promise<Victim> {
  const profile = plotterProfile({ slots })
  const binding = profile.drivers.find(({ link }) => link === 'udp')
  if (!binding) throw new Error('a profile has drivers')
  const image = await imageOf(makePlotter('1.1.0', SIZE), 'raw', { version: '1.1.0' })
  return { driver: fastbootDriver(), profile, binding, image, credential: null, ...rest }
}

test('200 updates of a simulated device over bad networks: no false success', { timeout: 120_000 }, async () => {
  const outcomes = await campaign(200, async (_run, random) => {
    const { sim, slots, runsNew } = plotter(random)
    const packets = new FastbootPackets(sim)
    const off = new AbortController()
    let last: DatagramLink | null = null
    const open = async () => {
      await last?.close()
      const [near, far] = memoryDatagramPair('udp://plotter:5554')
      last = near
      void (async () => {
        for (;;) {
          const answer = packets.answer(await far.receive(off.signal))
          if (answer) await far.send(answer, off.signal)
        }
      })().catch(() => {})
      return near
    }
    return victim(slots, { open, runsNew, close: async () => off.abort() })
  })
  expect(judged('fastboot over UDP, simulated', outcomes)).toEqual(HONEST)
})
