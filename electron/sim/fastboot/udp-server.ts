import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { FastbootDevice } from './device.ts'

/** Datagrams as they pass; 0: lost, 2: twice. */
export type Passing = (way: 'in' | 'out', bytes: Uint8Array) => number

const KIND = { error: 0, query: 1, init: 2, fastboot: 3 } as const
const HEADER = 4
const NOTHING = new Uint8Array(0)

/** A fastboot device on a network of any kind: AOSP fastboot README, "UDP Protocol v1", the device's side. */
export class FastbootPackets {
  readonly #device: FastbootDevice
  readonly #packet: number
  #sequence: number
  #last: Uint8Array | null = null
  #said: string[] = []
  #part: Uint8Array[] = []

  constructor(device: FastbootDevice, packet = 1024) {
    this.#device = device
    this.#packet = packet
    this.#sequence = 0x55aa
    device.onRestart = () => this.#restart()
  }

  #restart(): void {
    this.#sequence = 1
    this.#last = null
    this.#said = []
    this.#part = []
  }

  /** The answer to a packet; null: there is none. */
  answer(bytes: Uint8Array): Uint8Array | null {
    const [kind = -1, flags = 0, high = 0, low = 0] = bytes
    const sequence = high * 256 + low
    if (bytes.length < HEADER || bytes.length > this.#packet || this.#device.faults.mute) return null
    const packet = (data: Uint8Array) => Uint8Array.of(kind, 0, high, low, ...data)
    if (kind === KIND.query) return packet(Uint8Array.of(this.#sequence >> 8, this.#sequence & 0xff))
    // The answer was lost: nothing is done twice.
    if (sequence === ((this.#sequence - 1) & 0xffff)) return this.#last
    if (sequence !== this.#sequence) return null
    const data = kind === KIND.init ? this.#init() : this.#fastboot(bytes.subarray(HEADER), (flags & 1) !== 0)
    if (data === null) return null
    this.#sequence = (this.#sequence + 1) & 0xffff
    this.#last = packet(data)
    return this.#last
  }

  #init(): Uint8Array {
    return Uint8Array.of(0, 1, this.#packet >> 8, this.#packet & 0xff)
  }

  #fastboot(data: Uint8Array, continues: boolean): Uint8Array | null {
    if (data.length > 0) {
      if (this.#device.isDownloading) this.#said.push(...this.#device.take(data))
      else {
        this.#part.push(data)
        if (!continues) {
          this.#said.push(...this.#device.take(new Uint8Array(Buffer.concat(this.#part))))
          this.#part = []
        }
      }
      return this.#device.faults.mute ? null : NOTHING
    }
    const said = this.#said.shift() ?? (this.#device.isDownloading ? this.#device.giveUp() : '')
    if (this.#said.length === 0) this.#device.said()
    return said === '' ? null : new Uint8Array(Buffer.from(said, 'latin1'))
  }
}

/** The same device at a port of this machine. */
export class FastbootUdp {
  readonly #packets: FastbootPackets
  readonly #socket: Socket
  passing: Passing = () => 1

  private constructor(device: FastbootDevice, socket: Socket) {
    this.#packets = new FastbootPackets(device)
    this.#socket = socket
    socket.on('message', (bytes, from) => this.#receive(new Uint8Array(bytes), from))
  }

  static async listen(device: FastbootDevice, port = 0): Promise<FastbootUdp> {
    const socket = createSocket('udp4').bind(port, '127.0.0.1')
    await once(socket, 'listening')
    return new FastbootUdp(device, socket)
  }

  get port(): number {
    return this.#socket.address().port
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    for (let copies = this.passing('in', bytes); copies > 0; copies -= 1) {
      const answer = this.#packets.answer(bytes)
      if (!answer) continue
      for (let out = this.passing('out', answer); out > 0; out -= 1) {
        this.#socket.send(answer, from.port, from.address)
      }
    }
  }
}
