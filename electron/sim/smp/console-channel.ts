import type { ByteLink } from '../../host/link/link.ts'
import { crc16 } from '../../host/protocol/crc16.ts'
import { encodeConsole } from '../../host/protocol/smp/console-framing.ts'

/** Whole packets in and out of a device, over whatever it is wired to. */
export interface Channel {
  receive(signal: AbortSignal): Promise<Uint8Array>
  send(packet: Uint8Array, signal: AbortSignal): Promise<void>
  /** What the device prints by itself. Nothing on links that carry packets only. */
  print(text: string, signal: AbortSignal): Promise<void>
}

/** Line buffer of MCUboot and of Zephyr's console. */
const MAX_LINE = 128
const FIRST = '\u0006\u0009'
const NEXT = '\u0004\u0014'

/**
 * A device's end of the console framing, as strict as the smallest of them (MCUboot `boot_serial`): the marker
 * must start its line, the line must fit the buffer, a CR spoils it, and damage is dropped without a word.
 */
export function consoleChannel(link: ByteLink): Channel {
  let line = ''
  let packet = Buffer.alloc(0)
  const ready: Uint8Array[] = []

  const endLine = (text: string) => {
    const marker = text.slice(0, 2)
    if (text.length + 1 > MAX_LINE || (marker !== FIRST && marker !== NEXT)) return
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text.slice(2)) || text.length % 4 !== 2) return
    const raw = Buffer.from(text.slice(2), 'base64')
    packet = marker === FIRST ? raw : Buffer.concat([packet, raw])
    if (packet.length < 2 || packet.length < 2 + packet.readUInt16BE(0)) return
    const whole = packet.subarray(2)
    if (whole.length === packet.readUInt16BE(0) && crc16(whole) === 0) ready.push(new Uint8Array(whole.subarray(0, -2)))
    packet = Buffer.alloc(0)
  }

  return {
    async receive(signal) {
      for (;;) {
        const whole = ready.shift()
        if (whole) return whole
        const text = line + Buffer.from(await link.read(signal)).toString('latin1')
        const lines = text.split('\n')
        line = (lines.pop() ?? '').slice(0, 4 * MAX_LINE)
        for (const one of lines) endLine(one)
      }
    },
    send: (bytes, signal) => link.write(encodeConsole(bytes), signal),
    print: (text, signal) => link.write(Buffer.from(text, 'latin1'), signal),
  }
}
