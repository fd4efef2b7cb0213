import { noteFrames } from '../../link/line-book.ts'
import type { ByteLink, DatagramLink } from '../../link/link.ts'
import { sleep } from '../../link/waiting.ts'
import { ConsoleDecoder, encodeConsole } from './console-framing.ts'
import { splitPacket } from './packet.ts'
import { RawDecoder } from './raw-framing.ts'

/** Carries whole SMP packets over one link. Packets may be lost, doubled or late; none arrives damaged. */
export interface SmpTransport {
  /**
   * Longest packet, header included, that may be sent to a device whose buffers hold `bufSize` bytes;
   * null: the device would not say.
   */
  packetLimit(bufSize: number | null): number
  send(packet: Uint8Array, signal: AbortSignal): Promise<void>
  receive(signal: AbortSignal): Promise<Uint8Array>
  /** A packet got no answer: what is on the line may be half a frame. */
  noteLoss(): void
}

export interface TransportOptions {
  /** How packets lie on a serial line. */
  readonly framing?: 'console' | 'raw'
  /** Console output that was no frame, a line each. */
  readonly onText?: (line: string) => void
}

export function smpTransport(link: ByteLink | DatagramLink, options: TransportOptions = {}): SmpTransport {
  if (link.kind === 'udp') return udpTransport(link)
  return options.framing === 'raw' ? rawTransport(link) : consoleTransport(link, options)
}

/** Length and CRC of the console framing lie in the same buffer as the packet (Zephyr, sdk-zephyr 1289). */
const CONSOLE_OVERHEAD = 4
/** What every server takes when it does not say: PROTOCOLS 1.6. */
const CONSOLE_DEFAULT = 256
const UDP_DEFAULT = 1024
/** The length field has 16 bits and counts the CRC. */
const CONSOLE_MAX = 0xffff - 2

/**
 * What Zephyr's shell reads in one go is either frames or typed text, as its first bytes are: a line feed must not
 * travel together with a frame (Zephyr `smp_shell_rx_bytes`).
 */
const ALONE_MS = 20

function consoleTransport(link: ByteLink, options: TransportOptions): SmpTransport {
  const decoder = new ConsoleDecoder()
  const ready: Uint8Array[] = []
  let flush = true
  return {
    packetLimit: (bufSize) =>
      bufSize === null ? CONSOLE_DEFAULT : Math.min(Math.max(bufSize - CONSOLE_OVERHEAD, 0), CONSOLE_MAX),
    async send(packet, signal) {
      if (flush) {
        // Devices look for the marker at the start of a line: a line feed ends whatever stands there.
        await link.write(Uint8Array.of(0x0a), signal)
        await sleep(ALONE_MS, signal)
      }
      flush = true
      await link.write(encodeConsole(packet), signal)
      flush = false
    },
    async receive(signal) {
      for (;;) {
        const packet = ready.shift()
        if (packet) return packet
        const { packets, text, broken } = decoder.push(await link.read(signal))
        noteFrames(link, packets.length, broken)
        ready.push(...packets)
        for (const line of text) options.onText?.(line)
      }
    },
    noteLoss() {
      flush = true
    },
  }
}

/** A server that waits for the rest of a packet gives up after 3 s of silence (MCUboot, Zephyr raw UART). */
const SILENCE_MS = 3200

function rawTransport(link: ByteLink): SmpTransport {
  const decoder = new RawDecoder()
  const ready: Uint8Array[] = []
  let isBroken = false
  return {
    // The packet alone lies in the buffer.
    packetLimit: (bufSize) => Math.min(bufSize ?? CONSOLE_DEFAULT, CONSOLE_MAX),
    async send(packet, signal) {
      if (isBroken) await sleep(SILENCE_MS, signal)
      isBroken = true
      await link.write(packet, signal)
      isBroken = false
    },
    async receive(signal) {
      for (;;) {
        const packet = ready.shift()
        if (packet) return packet
        ready.push(...decoder.push(await link.read(signal)))
      }
    },
    noteLoss() {
      isBroken = true
      decoder.forget()
    },
  }
}

function udpTransport(link: DatagramLink): SmpTransport {
  const ready: Uint8Array[] = []
  return {
    // Devices report the size of their buffers, not of what passes the network unfragmented.
    packetLimit: (bufSize) => Math.min(bufSize ?? UDP_DEFAULT, link.maxPayload),
    send: (packet, signal) => link.send(packet, signal),
    async receive(signal) {
      for (;;) {
        const packet = ready.shift()
        if (packet) return packet
        // A datagram may hold several packets, one after the other.
        let rest = await link.receive(signal)
        for (let split = splitPacket(rest); split; split = splitPacket(rest)) {
          ready.push(rest.subarray(0, rest.length - split.rest.length))
          rest = split.rest
        }
      }
    },
    noteLoss() {},
  }
}
