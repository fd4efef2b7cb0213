import { crc16 } from '../crc16.ts'

/** First frame of a packet, and the frames after it. */
const FIRST = Uint8Array.of(0x06, 0x09)
const NEXT = Uint8Array.of(0x04, 0x14)
const LF = 0x0a
const CR = 0x0d
/** 124 characters of base64: with marker and line feed the 127 bytes that every server's line buffer holds. */
const RAW_PER_LINE = 93
const LENGTH_AND_CRC = 4
/** A line that is longer is no frame: console output without line feeds is let through in pieces of this size. */
const MAX_LINE = 4096

/**
 * One SMP packet as console lines, to be sent in one write. LF only: a CR breaks the decoding in MCUboot
 * and Zephyr. (SMP console transport, Zephyr `smp_transport` and MCUboot `boot_serial`.)
 */
export function encodeConsole(packet: Uint8Array): Uint8Array {
  const raw = Buffer.alloc(packet.length + LENGTH_AND_CRC)
  raw.writeUInt16BE(packet.length + 2, 0)
  raw.set(packet, 2)
  raw.writeUInt16BE(crc16(packet), packet.length + 2)
  const lines: Uint8Array[] = []
  for (let at = 0; at < raw.length; at += RAW_PER_LINE) {
    const base64 = raw.subarray(at, at + RAW_PER_LINE).toString('base64')
    lines.push(at === 0 ? FIRST : NEXT, Buffer.from(base64, 'latin1'), Uint8Array.of(LF))
  }
  return Buffer.concat(lines)
}

export interface ConsoleOutput {
  /** Whole packets whose length and CRC are right. Anything else was dropped without a word, as devices do. */
  readonly packets: readonly Uint8Array[]
  /** Frames that began and were dropped. */
  readonly broken: number
  /** What was no frame: log lines, a shell prompt. For the person who looks at the console. */
  readonly text: readonly string[]
}

/** Finds packets among whatever a console prints. Fed with bytes as they come, in pieces of any size. */
export class ConsoleDecoder {
  #line: number[] = []
  #packet: Buffer[] = []
  #have = 0
  #want = 0
  #broken = 0

  push(bytes: Uint8Array): ConsoleOutput {
    const packets: Uint8Array[] = []
    const text: string[] = []
    this.#broken = 0
    for (const byte of bytes) {
      if (byte !== LF) {
        this.#line.push(byte)
        if (this.#line.length < MAX_LINE) continue
      }
      this.#endLine(packets, text)
    }
    return { packets, text, broken: this.#broken }
  }

  #endLine(packets: Uint8Array[], text: string[]): void {
    const line = Buffer.from(this.#line)
    this.#line = []
    // Prompts, colours and log text may stand before the marker on the same line.
    const first = line.indexOf(FIRST)
    const next = line.indexOf(NEXT)
    const isFirst = first >= 0 && (next < 0 || first < next)
    const at = isFirst ? first : next
    addText(at < 0 ? line : line.subarray(0, at), text)
    if (at < 0) return
    if (isFirst) this.#reset()
    else if (this.#want === 0) return
    const raw = decodeBase64(line.subarray(at + FIRST.length))
    const packet = raw && this.#append(raw, isFirst)
    if (packet === undefined) return
    this.#reset()
    if (packet) packets.push(packet)
    else this.#broken += 1
  }

  /** The packet when it is whole, null when it is broken, undefined while more is to come. */
  #append(raw: Buffer, isFirst: boolean): Uint8Array | null | undefined {
    if (isFirst) {
      if (raw.length < 2) return null
      this.#want = 2 + raw.readUInt16BE(0)
    }
    this.#packet.push(raw)
    this.#have += raw.length
    if (this.#have < this.#want) return undefined
    if (this.#have > this.#want) return null
    const whole = Buffer.concat(this.#packet).subarray(2)
    return whole.length >= 2 && crc16(whole) === 0 ? new Uint8Array(whole.subarray(0, -2)) : null
  }

  #reset(): void {
    this.#packet = []
    this.#have = 0
    this.#want = 0
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Null on anything that is not strict base64: `Buffer` would skip what it does not know. */
function decodeBase64(line: Buffer): Buffer | null {
  const chars = line.toString('latin1').replaceAll('\r', '')
  return BASE64.test(chars) ? Buffer.from(chars, 'base64') : null
}

function addText(line: Buffer, text: string[]): void {
  const end = line.at(-1) === CR ? -1 : undefined
  const shown = line.subarray(0, end).toString('utf8')
  if (shown !== '') text.push(shown)
}
