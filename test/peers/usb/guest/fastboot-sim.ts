import { FASTBOOT_DEVICE, FastbootDevice, makePlotter } from '../../../../electron/sim/fastboot/device.ts'
import { FastbootUsb } from '../../../../electron/sim/fastboot/usb-device.ts'
import { plugIn } from './usbip.ts'

/** ms between a device's going and its coming back. */
const GAP_MS = 100

/** What is true of a simulated fastboot device, whatever it says. */
export interface FastbootReport {
  readonly mode: 'application' | 'bootloader'
  readonly version: string | null
  /** Orders, without questions. */
  readonly orders: readonly string[]
}

export interface FastbootSim {
  report(): FastbootReport
  pull(): void
}

/** Plugs a device into the kernel's bus that comes back as long as it is not pulled. It waits in its boot loader. */
export async function plugFastboot(serial: string): Promise<FastbootSim> {
  const device = new FastbootDevice({ ...FASTBOOT_DEVICE, serial, image: makePlotter('1.0.0') })
  device.mode = 'bootloader'
  const usb = new FastbootUsb(device)
  let pull = () => {}
  let gone = false
  const appear = async () => {
    if (gone) return
    pull = await plugIn({
      control: (setup) => usb.control(setup),
      busReset: () => usb.busReset(),
      asked: (_endpoint, length, give) => usb.bulk.in(length, give),
      received: (_endpoint, data) => void usb.bulk.out(data),
    })
  }
  usb.plugged(() => {
    pull()
    setTimeout(() => void appear(), GAP_MS)
  })
  await appear()
  return {
    report: () => ({
      mode: device.mode,
      version: device.version,
      orders: device.commands.filter((command) => !command.startsWith('getvar')),
    }),
    pull: () => {
      gone = true
      pull()
    },
  }
}
