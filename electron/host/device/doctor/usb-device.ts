import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { known, UNKNOWN, type UsbFacts } from './facts.ts'
import { exists, idsIn, mayUse } from './serial-port.ts'
import { isPlainName, type SystemFiles } from './system-files.ts'

/** A USB device at its place on the bus (`1-1.4`), as Linux tells it without asking the device. */
export async function examineUsb(
  place: string,
  platform: string,
  files: SystemFiles,
  may: typeof mayUse = mayUse,
): Promise<UsbFacts> {
  const nothing = { place, vid: null, pid: null, exists: UNKNOWN, allowed: UNKNOWN }
  if (platform !== 'linux' || !isPlainName(place)) return nothing
  const folder = join(files.sys, 'bus/usb/devices', place)
  const bus = await exists(join(files.sys, 'bus/usb/devices'))
  if (!bus.known || !bus.value) return nothing
  const here = await exists(folder)
  if (!here.known || !here.value) return { ...nothing, exists: here }
  const ids = await idsIn(folder)
  const [busNumber, number] = await Promise.all(
    ['busnum', 'devnum'].map((file) => readFile(join(folder, file), 'utf8').catch(() => '')),
  )
  const node = nodeOf(busNumber, number)
  return {
    place,
    vid: ids?.vid ?? null,
    pid: ids?.pid ?? null,
    exists: known(true),
    allowed: node === null ? UNKNOWN : await may(join(files.dev, 'bus/usb', node)),
  }
}

/** `001/004` */
function nodeOf(bus: string | undefined, device: string | undefined): string | null {
  const numbers = [bus, device].map((text) => (text ?? '').trim())
  return numbers.every((text) => /^\d{1,3}$/.test(text)) ? numbers.map((text) => text.padStart(3, '0')).join('/') : null
}
