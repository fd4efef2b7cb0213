import { deviceDescriptor, type Faceplate, stringDescriptor } from '../../../../electron/sim/usb/descriptors.ts'
import type { Answer, Peripheral, Setup } from '../../../../electron/sim/usb/setup.ts'

/** A device's endpoints besides 0. */
export interface Endpoints {
  received(endpoint: number, bytes: Uint8Array): void
  /** The host wants up to `length` bytes, now or when there are some. Returns how it takes that back. */
  asked(endpoint: number, length: number, give: (bytes: Uint8Array) => void): () => void
}

const STANDARD = { getStatus: 0, getDescriptor: 6, getConfiguration: 8 } as const
/** USB PSTN 1.2 6.3. */
const CLASS = { setLineCoding: 0x20, getLineCoding: 0x21, setControlLines: 0x22, sendBreak: 0x23 } as const
/** Line coding, control lines and break: without the last Linux refuses to set lines at all (USB PSTN 1.2 5.3.2). */
const CAPABILITIES = 6
const [NOTES, DATA] = [1, 2] as const
/** Two interfaces, control and data; the functional descriptors of USB PSTN 1.2 5.3 between them. */
// biome-ignore format: one descriptor a line
const BODY = [
  9, 4, 0, 0, 1, 2, 2, 1, 0,
  5, 0x24, 0, 0x10, 1,
  5, 0x24, 1, 0, 1,
  4, 0x24, 2, CAPABILITIES,
  5, 0x24, 6, 0, 1,
  7, 5, 0x80 | NOTES, 3, 16, 0, 10,
  9, 4, 1, 0, 2, 10, 0, 0, 0,
  7, 5, DATA, 2, 64, 0, 0,
  7, 5, 0x80 | DATA, 2, 64, 0, 0,
]

/** A serial port by USB CDC-ACM: what `cdc_acm` makes a `ttyACM` of. What it says before a host has opened it is lost. */
export class AcmDevice implements Peripheral, Endpoints {
  readonly #face: Faceplate
  readonly #receive: (bytes: Uint8Array) => void
  #coding = new Uint8Array([...u32(115_200), 0, 0, 8])
  #isOpen = false
  #queue: Uint8Array[] = []
  #waiting: { readonly length: number; readonly give: (bytes: Uint8Array) => void }[] = []

  constructor(ids: { vid: number; pid: number; serial: string }, receive: (bytes: Uint8Array) => void) {
    const strings = ['Acme Marine', 'Serial console', ids.serial]
    const rest = { release: 0x0100, protocol: null, memories: [], attributes: 0, transferSize: 0, version: 0 }
    this.#face = { vid: ids.vid, pid: ids.pid, strings, ...rest }
    this.#receive = receive
  }

  /** The device speaks. */
  say(bytes: Uint8Array): void {
    if (!this.#isOpen) return
    this.#queue.push(bytes)
    this.#flush()
  }

  /** Nobody has it open any more, and nobody waits: the cable is out. */
  busReset(): void {
    this.#isOpen = false
    this.#queue = []
    this.#waiting = []
  }

  control(setup: Setup, data: Uint8Array): Answer {
    const answer = setup.type === 'standard' ? this.#standard(setup) : this.#class(setup, data)
    return typeof answer === 'string' ? answer : answer.slice(0, setup.toHost ? setup.length : 0)
  }

  received(endpoint: number, bytes: Uint8Array): void {
    if (endpoint === DATA) this.#receive(bytes)
  }

  asked(endpoint: number, length: number, give: (bytes: Uint8Array) => void): () => void {
    if (endpoint !== DATA) return () => {}
    const waiter = { length, give }
    this.#waiting.push(waiter)
    this.#flush()
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter)
    }
  }

  #standard({ request, value }: Setup): Answer {
    if (request === STANDARD.getStatus) return Uint8Array.of(0, 0)
    if (request === STANDARD.getConfiguration) return Uint8Array.of(1)
    if (request !== STANDARD.getDescriptor) return new Uint8Array()
    const kind = value >> 8
    if (kind === 1) return deviceDescriptor(this.#face)
    if (kind === 2) return Uint8Array.from([9, 2, 9 + BODY.length, 0, 2, 1, 0, 0x80, 50, ...BODY])
    return (kind === 3 ? stringDescriptor(this.#face, value & 0xff) : null) ?? 'stall'
  }

  #class({ request, value }: Setup, data: Uint8Array): Answer {
    if (request === CLASS.getLineCoding) return this.#coding
    if (request === CLASS.setLineCoding) this.#coding = data.slice(0, 7)
    else if (request === CLASS.setControlLines) this.#isOpen = (value & 1) === 1
    else if (request !== CLASS.sendBreak) return 'stall'
    return new Uint8Array()
  }

  #flush(): void {
    for (;;) {
      const [waiter, bytes] = [this.#waiting[0], this.#queue[0]]
      if (!waiter || !bytes) return
      this.#waiting.shift()
      this.#queue.shift()
      if (bytes.length > waiter.length) this.#queue.unshift(bytes.subarray(waiter.length))
      waiter.give(bytes.subarray(0, waiter.length))
    }
  }
}

function u32(n: number): readonly number[] {
  return [0, 8, 16, 24].map((shift) => (n >> shift) & 0xff)
}
