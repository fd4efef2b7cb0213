import { execFile } from 'node:child_process'
import type { Device, Image } from '../../../../electron/host/device/driver.ts'
import { dfuDriver } from '../../../../electron/host/device/drivers/dfu/driver.ts'
import type { Link } from '../../../../electron/host/link/link.ts'
import { usbOpener } from '../../../../electron/host/link/usb.ts'
import { systemUsbBus, type UsbDeviceShape, usbAddress } from '../../../../electron/host/link/usb-bus.ts'
import { thruster } from '../../../../electron/sim/machines/thruster.ts'
import { DFU_DEVICE, type DfuDeviceConfig } from '../../../../electron/sim/usb/dfu-device.ts'
import { thrusterFirmware } from '../../../../electron/sim/usb/firmware.ts'
import { Profile } from '../../../../shared/model/profile.ts'
import type { Sims } from './sim-thread.ts'

/** The console's side in the guest: the real driver and link over the real bus. */
export const never = new AbortController().signal
export const clock = { now: () => Date.now(), monotonic: () => performance.now() }
export const driver = dfuDriver()
export const bus = systemUsbBus()
const profile = Profile.parse(thruster.profile)

/** An emulated machine on a loaded one: everything may take its time. ms */
const PATIENCE_MS = 20_000

export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

let serials = 0
export async function plug(sims: Sims, config: Partial<DfuDeviceConfig> = {}) {
  serials += 1
  const serial = config.serial ?? `USB-${serials}`
  const whole = { ...DFU_DEVICE, firmware: thrusterFirmware('1.0.0', 8000), ...config, serial }
  const id = await sims.plug(whole)
  return { id, serial, config: whole }
}

/** Its name may have to be read from a device that has just left. */
function serialOf(device: UsbDeviceShape): string | null {
  try {
    return device.serialNumber ?? null
  } catch {
    return null
  }
}

/** Opens the device as it is now, which may be about to come back as something else. */
export async function open(serial: string, mode: 'application' | 'dfu'): Promise<Device> {
  const pid = mode === 'dfu' ? 0x0002 : 0x0001
  const device = await until(`${serial} in ${mode}`, async () => {
    const all = await bus.list()
    return all.find((one) => one.productId === pid && serialOf(one) === serial)
  })
  const link = await usbOpener(bus).open(usbAddress(device), {}, never)
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  return { link, profile, binding, clock, credential: null }
}

/** From the application into DFU mode. */
export async function intoDfuMode(serial: string): Promise<Device> {
  const device = await open(serial, 'application')
  await driver.detach?.(device, never)
  await device.link.close()
  return open(serial, 'dfu')
}

const UNKNOWN = { version: null, hardware: [], deviceHash: null, signature: 'none', signer: null, facts: [] } as const

export function rawImage(bytes: Uint8Array, version: string): Image {
  return {
    component: 'app',
    index: 0,
    name: 'thruster.bin',
    version,
    length: bytes.length,
    sha256: '',
    deviceHash: null,
    facts: { kind: 'raw', ...UNKNOWN, hardware: [] as string[], facts: [] },
    permanent: false,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  }
}

export const quietly = { progress() {}, between: async () => {} }

export async function closing<T, L extends Link>(link: L, work: (link: L) => Promise<T>): Promise<T> {
  try {
    return await work(link)
  } finally {
    await link.close()
  }
}

/** Runs dfu-util. Its devices are in another thread, so that it may be waited for. */
export function dfuUtil(...args: readonly string[]): Promise<{ code: number; output: string; ms: number }> {
  const began = performance.now()
  return new Promise((resolve) => {
    execFile('dfu-util', [...args], { timeout: 180_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ code, output: stdout + stderr, ms: performance.now() - began })
    })
  })
}
