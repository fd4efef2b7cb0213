import type { UsbDeviceShape } from '../../host/link/usb-bus.ts'
import type { Setup, UsbMachine } from './setup.ts'

type Request = Parameters<UsbDeviceShape['controlTransferIn']>[0]

/** A simulated device as the `usb` package would show it, with the messages of its errors. */
export class SimUsbDevice implements UsbDeviceShape {
  readonly bus = '9'
  readonly ports: readonly number[]
  readonly address: number
  readonly #device: UsbMachine
  readonly #face: UsbMachine['face']
  readonly #patienceMs: number
  #opened = false
  #claimed = false
  #gone = false
  #waiting = new Set<(error: Error) => void>()

  constructor(device: UsbMachine, port: number, address: number, patienceMs = Number.POSITIVE_INFINITY) {
    this.#device = device
    // It stays what it was when it was plugged in, whatever the device becomes.
    this.#face = device.face
    this.ports = [port]
    this.address = address
    this.#patienceMs = patienceMs
  }

  get vendorId(): number {
    return this.#face.vid
  }
  get productId(): number {
    return this.#face.pid
  }
  get deviceVersionMajor(): number {
    return this.#face.release >> 8
  }
  get deviceVersionMinor(): number {
    return (this.#face.release >> 4) & 15
  }
  get deviceVersionSubminor(): number {
    return this.#face.release & 15
  }
  get manufacturerName(): string | undefined {
    return this.#face.strings[0]
  }
  get productName(): string | undefined {
    return this.#face.strings[1]
  }
  get serialNumber(): string | undefined {
    return this.#face.strings[2]
  }

  disconnect(): void {
    this.#gone = true
    for (const reject of this.#waiting) reject(new Error('control transfer error: device disconnected'))
    this.#waiting.clear()
  }

  async open(): Promise<void> {
    this.#check('open', true)
    this.#opened = true
  }

  async close(): Promise<void> {
    this.#opened = false
    this.#claimed = false
  }

  async reset(): Promise<void> {
    this.#check('reset', this.#opened)
    this.#device.busReset()
    this.#check('reset', this.#opened)
  }

  async claimInterface(interfaceNumber: number): Promise<void> {
    this.#check('claimInterface', this.#opened)
    if (interfaceNumber !== 0) throw new Error('claimInterface error: interface not found (errno 2)')
    this.#claimed = true
  }

  async releaseInterface(): Promise<void> {
    this.#check('releaseInterface', this.#claimed)
    this.#claimed = false
  }

  async selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void> {
    this.#check('selectAlternateInterface', this.#claimed)
    await this.#ask(
      { requestType: 'standard', recipient: 'interface', request: 11, value: alternateSetting, index: interfaceNumber },
      false,
      0,
      new Uint8Array(),
      1000,
    )
  }

  async controlTransferIn(setup: Request, length: number, timeout = 1000) {
    const bytes = await this.#ask(setup, true, length, new Uint8Array(), timeout)
    return { status: 'ok', data: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
  }

  async controlTransferOut(setup: Request, data: Uint8Array, timeout = 1000) {
    await this.#ask(setup, false, data.length, data, timeout)
    return { status: 'ok', bytesWritten: data.length }
  }

  async transferIn(_endpoint: number, length: number, timeout = 1000) {
    await this.#turn()
    const { bulk } = this.#device
    if (!bulk) throw new Error('transferIn error: endpoint not found')
    const came = Promise.withResolvers<Uint8Array>()
    const forget = bulk.in(length, came.resolve)
    try {
      const bytes = await Promise.race([came.promise, this.#silence(Math.min(timeout, this.#patienceMs))])
      return { status: 'ok', data: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
    } finally {
      forget()
    }
  }

  async transferOut(_endpoint: number, data: Uint8Array, timeout = 1000) {
    await this.#turn()
    if (this.#device.bulk?.out(data) !== true) await this.#silence(Math.min(timeout, this.#patienceMs))
    return { status: 'ok', bytesWritten: data.length }
  }

  async #turn(): Promise<void> {
    this.#check('transfer', this.#opened && this.#claimed)
    await new Promise((resolve) => setImmediate(resolve))
    this.#check('transfer', true)
  }

  async #ask(
    request: Request,
    toHost: boolean,
    length: number,
    data: Uint8Array,
    timeout: number,
  ): Promise<Uint8Array> {
    this.#check('controlTransfer', this.#opened && (request.recipient !== 'interface' || this.#claimed))
    // A transfer takes its turn on the bus: nothing is answered within the call.
    await new Promise((resolve) => setImmediate(resolve))
    this.#check('controlTransfer', true)
    const { requestType, value, index } = request
    const setup: Setup = { type: requestType, toHost, request: request.request, value, index, length }
    const answer = this.#device.control(setup, data)
    this.#check('controlTransfer', true)
    if (answer === 'stall') throw new Error('controlTransfer error: endpoint stalled')
    if (answer !== 'mute') return answer
    return this.#silence(Math.min(timeout, this.#patienceMs))
  }

  #silence(ms: number): Promise<never> {
    return new Promise((_, reject) => {
      const end = (error: Error) => {
        clearTimeout(timer)
        this.#waiting.delete(end)
        reject(error)
      }
      const timer = setTimeout(() => end(new Error('controlTransfer error: transfer was cancelled')), ms)
      this.#waiting.add(end)
    })
  }

  #check(what: string, isReady: boolean): void {
    if (this.#gone) throw new Error(`${what} error: device disconnected`)
    if (!isReady) throw new Error(`${what} error: invalid state`)
  }
}
