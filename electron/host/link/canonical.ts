import { lookup } from 'node:dns/promises'
import { realpath } from 'node:fs/promises'
import { parseAddress } from './address.ts'

/**
 * One spelling for addresses that lead to the same place: a serial port behind its links (`/dev/serial/by-id`), a
 * host name as the address it has now, the serial port of a USB device (Linux) as that device. What cannot be resolved stays as it is.
 */
export async function canonicalAddress(address: string): Promise<string> {
  const parsed = parseAddress(address)
  if ('path' in parsed) {
    if (parsed.scheme === 'usb') return address
    const path = await realpath(parsed.path).catch(() => parsed.path)
    const device = parsed.scheme === 'serial' ? await usbDeviceOf(path) : null
    if (device) return `usb:${device}`
    return `${parsed.scheme}:${path}`
  }
  const host = await lookup(parsed.host).then(
    (found) => found.address,
    () => parsed.host.toLowerCase(),
  )
  return `${parsed.scheme}://${host}:${parsed.port ?? ''}`
}

/** The USB device that itself is a modem-like port; an adapter with several ports is not the machines behind it. */
async function usbDeviceOf(path: string): Promise<string | null> {
  const name = /^\/dev\/(ttyACM\d+)$/.exec(path)?.[1]
  if (!name) return null
  const place = await realpath(`/sys/class/tty/${name}/device`).catch(() => '')
  return /\/(\d+-\d+(?:\.\d+)*):\d+\.\d+$/.exec(place)?.[1] ?? null
}
