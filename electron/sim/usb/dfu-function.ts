import type { Flash } from './flash.ts'
import type { Answer } from './setup.ts'

/** What can go wrong in DFU mode. All of it is off unless set. */
export interface DfuFaults {
  /** Answers nothing at all. */
  readonly mute: boolean
  /** Stops answering when so many bytes were written. */
  readonly muteAt: number | null
  /** Leaves the bus, its power gone, when so many bytes were written; once. */
  readonly powerLossAt: number | null
  /** The n-th block (from 0) is refused with `errPROG`. */
  readonly refuseBlock: number | null
  /** Says that it wrote, and did not. */
  readonly lie: boolean
  /** Status answers are cut short. */
  readonly garbage: boolean
  /** ms that it claims to need, whatever it really needs. */
  readonly claimsMs: number | null
  /** Refuses to be read although it says that it can be. */
  readonly readProtected: boolean
  /** Refuses to take the image over. */
  readonly refuseFirmware: boolean
  /** Does not leave its mode when it is told to. */
  readonly stays: boolean
}

export const NO_DFU_FAULTS: DfuFaults = {
  mute: false,
  muteAt: null,
  powerLossAt: null,
  refuseBlock: null,
  lie: false,
  garbage: false,
  claimsMs: null,
  readProtected: false,
  refuseFirmware: false,
  stays: false,
}

export interface DfuFunctionConfig {
  readonly dfuse: boolean
  readonly transferSize: number
  readonly canUpload: boolean
  readonly tolerant: boolean
  /** ms that programming a block, erasing a sector and taking over an image need. */
  readonly pollMs: number
  readonly eraseMs: number
  readonly manifestMs: number
}

export interface DfuSurroundings {
  now(): number
  faults(): DfuFaults
  /** The image is there and should run (DfuSe: at this address). */
  start(): void
  losePower(): void
}

const S = { idle: 2, sync: 3, busy: 4, loaded: 5, manifestSync: 6, manifest: 7, waitReset: 8, reading: 9, error: 10 }
const ERROR = { target: 1, prog: 6, address: 8, notDone: 9, firmware: 10, vendor: 11, stalled: 15 }

/** ms by which a host may be early: its clock is not ours. */
const EARLY_MS = 2

/** The device's side of DFU 1.1 (USB DFU 1.1 A.1) and DfuSe (AN3156), written from the state diagrams. */
export class DfuFunction {
  #state = S.idle
  #status = 0
  #pending: { readonly ms: number; readonly run: () => number } | null = null
  #until = 0
  #pointer: number
  #image: Uint8Array[] = []
  #readAt = 0
  #blocks = 0
  #written = 0
  readonly #config: DfuFunctionConfig
  readonly #flash: Flash
  readonly #around: DfuSurroundings
  /** Length of the image that was taken over: what an upload shows. */
  installed: number
  /** Requests by number, for tests that count them. */
  readonly counts: number[] = []

  constructor(config: DfuFunctionConfig, flash: Flash, installed: number, around: DfuSurroundings) {
    this.#config = config
    this.#flash = flash
    this.#around = around
    this.#pointer = flash.base
    this.installed = installed
  }

  get state(): number {
    return this.#state
  }

  control(request: number, value: number, length: number, data: Uint8Array): Answer {
    const faults = this.#around.faults()
    if (faults.mute || (faults.muteAt !== null && this.#written >= faults.muteAt)) return 'mute'
    this.counts[request] = (this.counts[request] ?? 0) + 1
    switch (request) {
      case 0:
        this.#around.start()
        return new Uint8Array()
      case 1:
        return this.#download(value, data)
      case 2:
        return this.#upload(value, length)
      case 3:
        return this.#getStatus(faults)
      case 4:
        if (this.#state !== S.error) return this.#fail(ERROR.stalled)
        this.#state = S.idle
        this.#status = 0
        return new Uint8Array()
      case 5:
        return Uint8Array.of(this.#state)
      case 6:
        if (![S.idle, S.sync, S.loaded, S.manifestSync, S.reading].includes(this.#state))
          return this.#fail(ERROR.stalled)
        this.#state = S.idle
        this.#pending = null
        return new Uint8Array()
      default:
        return this.#fail(ERROR.stalled)
    }
  }

  #fail(status: number): 'stall' {
    this.#status = status
    this.#state = S.error
    return 'stall'
  }

  #getStatus({ garbage, claimsMs }: DfuFaults): Answer {
    let poll = 0
    const now = this.#around.now()
    if (this.#state === S.sync && this.#pending) {
      const { ms, run } = this.#pending
      this.#pending = null
      const status = run()
      poll = ms
      this.#until = now + ms
      if (status !== 0) {
        this.#status = status
        this.#state = S.error
      } else this.#state = ms > 0 || this.#config.dfuse ? S.busy : S.loaded
    } else if (this.#state === S.busy) {
      // A device at work has no ear for questions.
      if (now < this.#until - EARLY_MS) return this.#fail(ERROR.stalled)
      this.#state = S.loaded
    } else if (this.#state === S.manifestSync) poll = this.#manifest(now)
    else if (this.#state === S.manifest && now >= this.#until - EARLY_MS) {
      this.#state = this.#config.tolerant ? S.idle : S.waitReset
    }
    const ms = claimsMs ?? poll
    const answer = Uint8Array.of(this.#status, ms & 0xff, (ms >> 8) & 0xff, (ms >> 16) & 0xff, this.#state, 0)
    if (this.#state === S.manifest && this.#config.dfuse) this.#around.start()
    return garbage ? answer.subarray(0, 4) : answer
  }

  #manifest(now: number): number {
    if (this.#around.faults().refuseFirmware) {
      this.#status = ERROR.firmware
      this.#state = S.error
      return 0
    }
    if (!this.#config.dfuse) {
      const image = Buffer.concat(this.#image)
      if (!this.#around.faults().lie) {
        this.#flash.erase(null)
        this.#flash.write(this.#flash.base, image)
        this.installed = image.length
      }
    }
    this.#state = S.manifest
    this.#until = now + this.#config.manifestMs
    return this.#config.manifestMs
  }

  #download(block: number, data: Uint8Array): Answer {
    if (this.#state !== S.idle && this.#state !== S.loaded) return this.#fail(ERROR.stalled)
    if (data.length === 0) {
      if (!this.#config.dfuse && this.#state !== S.loaded) return this.#fail(ERROR.notDone)
      this.#state = S.manifestSync
      return new Uint8Array()
    }
    if (data.length > this.#config.transferSize) return this.#fail(ERROR.stalled)
    if (!this.#config.dfuse && this.#state === S.idle) this.#image = []
    const bytes = data.slice()
    const isCommand = this.#config.dfuse && block === 0
    this.#pending = isCommand
      ? this.#command(bytes)
      : { ms: this.#config.pollMs, run: () => this.#program(block, bytes) }
    if (this.#pending === null) return this.#fail(ERROR.target)
    this.#state = S.sync
    return new Uint8Array()
  }

  #command(bytes: Uint8Array) {
    const [order] = bytes
    const address = bytes.length === 5 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true) : null
    if (order === 0x21 && address !== null) {
      return { ms: 0, run: () => this.#point(address) }
    }
    if (order !== 0x41) return null
    return { ms: this.#config.eraseMs, run: () => (this.#flash.erase(address) ? 0 : ERROR.target) }
  }

  #point(address: number): number {
    if (!this.#flash.holds(address)) return ERROR.address
    this.#pointer = address
    return 0
  }

  #program(block: number, data: Uint8Array): number {
    const { powerLossAt, refuseBlock, lie } = this.#around.faults()
    if (powerLossAt !== null && this.#written + data.length > powerLossAt) {
      this.#around.losePower()
      return 0
    }
    this.#blocks += 1
    if (refuseBlock !== null && this.#blocks > refuseBlock) return ERROR.prog
    this.#written += data.length
    if (lie) return 0
    if (!this.#config.dfuse) {
      this.#image.push(data)
      return 0
    }
    if (block < 2) return ERROR.address
    const at = this.#pointer + (block - 2) * this.#config.transferSize
    return this.#flash.write(at, data) ? 0 : ERROR.prog
  }

  #upload(block: number, length: number): Answer {
    if (this.#state !== S.idle && this.#state !== S.reading) return this.#fail(ERROR.stalled)
    if (!this.#config.canUpload) return this.#fail(ERROR.stalled)
    if (this.#around.faults().readProtected) return this.#fail(ERROR.vendor)
    const out = this.#config.dfuse ? this.#readMemory(block, length) : this.#readImage(length)
    this.#state = out.length < length ? S.idle : S.reading
    return out
  }

  #readMemory(block: number, length: number): Uint8Array {
    if (block === 0) return Uint8Array.of(0, 0x21, 0x41, 0x92).subarray(0, length)
    return this.#flash.read(this.#pointer + (block - 2) * this.#config.transferSize, length)
  }

  #readImage(length: number): Uint8Array {
    if (this.#state === S.idle) this.#readAt = 0
    const end = Math.min(this.#readAt + length, this.installed)
    const out = this.#flash.read(this.#flash.base + this.#readAt, end - this.#readAt)
    this.#readAt = end
    return out
  }
}
