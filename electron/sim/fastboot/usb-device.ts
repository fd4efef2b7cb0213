import type { Answer, BulkSide, Setup, UsbMachine } from '../usb/setup.ts'
import type { FastbootDevice } from './device.ts'

/** USB 2.0 9.4: what a host asks before it chooses a configuration. */
const REQUEST = {
  getStatus: 0,
  clearFeature: 1,
  getDescriptor: 6,
  getConfiguration: 8,
  setConfiguration: 9,
  setInterface: 11,
} as const
const [IN, OUT] = [0x81, 0x02]
const PACKET = 64

/** A fastboot device on USB: one interface, a bulk pipe in each direction. */
export class FastbootUsb implements UsbMachine {
  readonly #device: FastbootDevice
  readonly #said: Uint8Array[] = []
  #waiting: ((bytes: Uint8Array) => void)[] = []
  #leave: () => void = () => {}

  constructor(device: FastbootDevice) {
    this.#device = device
    device.onRestart = () => {
      this.#said.length = 0
      this.#waiting = []
      this.#leave()
    }
  }

  get face() {
    return {
      vid: 0x18d1,
      pid: 0x4ee0,
      release: 0x0100,
      strings: ['Acme Marine', 'Chart plotter', this.#device.config.serial],
    }
  }

  plugged(leave: () => void): void {
    this.#leave = leave
  }

  powerCycle(): void {
    this.#device.powerCycle()
  }

  busReset(): void {
    this.#said.length = 0
  }

  readonly bulk: BulkSide = {
    out: (data) => {
      if (this.#device.faults.mute) return false
      this.#say(this.#device.take(data))
      return true
    },
    in: (length, give) => {
      const limited = (bytes: Uint8Array) => give(bytes.subarray(0, length))
      this.#waiting.push(limited)
      this.#flush()
      return () => {
        this.#waiting = this.#waiting.filter((one) => one !== limited)
      }
    },
  }

  control(setup: Setup): Answer {
    if (this.#device.faults.mute) return 'mute'
    const answer = this.#standard(setup)
    return typeof answer === 'string' ? answer : answer.slice(0, setup.toHost ? setup.length : 0)
  }

  #say(words: readonly string[]): void {
    this.#said.push(...words.filter((word) => word !== '').map((word) => new Uint8Array(Buffer.from(word, 'latin1'))))
    this.#flush()
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#said.length > 0) {
      const [bytes, give] = [this.#said.shift(), this.#waiting.shift()]
      if (bytes) give?.(bytes)
      if (this.#said.length === 0) this.#device.said()
    }
  }

  #standard({ type, request, value }: Setup): Answer {
    if (type !== 'standard') return 'stall'
    switch (request) {
      case REQUEST.getStatus:
        return Uint8Array.of(0, 0)
      case REQUEST.getDescriptor:
        return this.#descriptor(value >> 8, value & 0xff) ?? 'stall'
      case REQUEST.getConfiguration:
        return Uint8Array.of(1)
      case REQUEST.clearFeature:
      case REQUEST.setConfiguration:
      case REQUEST.setInterface:
        return new Uint8Array()
      default:
        return 'stall'
    }
  }

  #descriptor(kind: number, index: number): Uint8Array | null {
    const { vid, pid, release, strings } = this.face
    const u16 = (n: number) => [n & 0xff, n >> 8]
    if (kind === 1)
      return Uint8Array.from([
        18,
        1,
        ...u16(0x0200),
        0,
        0,
        0,
        64,
        ...u16(vid),
        ...u16(pid),
        ...u16(release),
        1,
        2,
        3,
        1,
      ])
    if (kind === 2) {
      const body = [9, 4, 0, 0, 2, 0xff, 0x42, 0x03, 0, ...endpoint(IN), ...endpoint(OUT)]
      return Uint8Array.from([9, 2, ...u16(9 + body.length), 1, 1, 0, 0x80, 50, ...body])
    }
    if (kind !== 3) return null
    const text = strings[index - 1]
    if (index === 0) return Uint8Array.of(4, 3, 0x09, 0x04)
    return text === undefined ? null : Uint8Array.from([2 + 2 * text.length, 3, ...Buffer.from(text, 'utf16le')])
  }
}

function endpoint(address: number): readonly number[] {
  return [7, 5, address, 2, PACKET, 0, 0]
}
