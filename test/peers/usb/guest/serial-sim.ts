import type { ByteLink } from '../../../../electron/host/link/link.ts'
import { SimPorts } from '../../../../electron/sim/sim-ports.ts'
import { startSmp } from '../../../../electron/sim/start-smp.ts'
import { AcmDevice } from './acm-device.ts'
import { plugIn } from './usbip.ts'

/** As the profile of the crane names them. */
const CRANE = { vid: 0x1209, pid: 0xc0de }

/** A crane with power of its own, behind a USB serial port that can be pulled and plugged. */
export interface SerialSim {
  plug(): Promise<void>
  pull(): void
}

const ports = new SimPorts()

export async function startSerialSim(serial: string): Promise<SerialSim> {
  const signal = new AbortController().signal
  const sim = await startSmp({ kind: 'smp', type: 'acme-crane', serial, transport: 'memory' }, ports)
  const link = (await ports.opener.open(sim.address, {}, signal)) as ByteLink
  const device = new AcmDevice({ ...CRANE, serial }, (bytes) => void link.write(bytes, signal))
  void (async () => {
    for (;;) device.say(await link.read(signal))
  })()
  let cut = () => {}
  return {
    async plug() {
      cut = await plugIn(device)
    },
    pull() {
      cut()
      device.busReset()
    },
  }
}
