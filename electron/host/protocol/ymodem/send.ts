import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import { blockReader, type ReadAt } from '../block-reader.ts'
import {
  type BlockCheck,
  type BlockSize,
  CAN,
  CANCEL,
  EOT,
  encodeBatchEnd,
  encodeBlock,
  encodeHeader,
} from './blocks.ts'
import {
  acknowledged,
  blockSize,
  type FileProtocol,
  isOver,
  patienceFor,
  type SendEvent,
  type SendFailure,
  type SendOrder,
  type SendPatience,
  type SendState,
  startSend,
  stepSend,
} from './sender.ts'

/** The line to the receiver. What `unread` gives back is read again by whoever comes next. */
export interface ModemLine {
  read(signal: AbortSignal): Promise<Uint8Array>
  unread(bytes: Uint8Array): void
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>
}

export interface ModemFile {
  readonly protocol: FileProtocol
  /** Letters, digits, `.`, `-`, `_`; at most 64. XMODEM does not tell it. */
  readonly name: string
  readonly length: number
  readonly read: ReadAt
  /** Send in 128-byte blocks although 1024 are possible: for a receiver that loses bytes. */
  readonly small?: boolean
  /** ms that one byte takes on the line (10 bits at the line's speed); 0: not known. */
  readonly byteMs: number
  readonly patience: SendPatience
  readonly clock: Clock
  /** Bytes that the receiver has acknowledged. */
  progress(done: number): void
  /** Awaited between blocks, twice a second at least. Its throw cancels the transfer. It cannot use the line. */
  between(): Promise<void>
}

const BETWEEN_MS = 400
/** A wait longer than this lets the receiver ask again: what it said meanwhile is old. */
const LONG_BETWEEN_MS = 300
const CANCEL_WITHIN_MS = 2000

/**
 * Sends one file to a receiver that was told to expect it. That all was acknowledged is not yet that all is there:
 * whoever can, compares a checksum. Whatever ends it early, the receiver is told (CAN) so that its prompt comes back.
 * Throws `device.no-answer`, `device.cancelled`, `device.write-failed`, `artifact.corrupt`, `link.*`, or what
 * `between` threw.
 */
export async function sendFile(line: ModemLine, file: ModemFile, signal: AbortSignal): Promise<void> {
  try {
    await new Transfer(line, file, signal).run()
  } catch (error) {
    const isDeaf = isAppError(error) && (error.code === 'device.cancelled' || error.code === 'link.lost')
    if (!isDeaf) await line.write(CANCEL, AbortSignal.timeout(CANCEL_WITHIN_MS)).catch(() => {})
    throw error
  }
}

class Transfer {
  readonly #line: ModemLine
  readonly #file: ModemFile
  readonly #signal: AbortSignal
  readonly #read: ReadAt
  #state: SendState
  #input: Uint8Array = new Uint8Array()
  #at = 0
  /** Monotonic ms before which nobody can have received all of what is out. */
  #arrives = 0
  #looked: number
  /** Ends what is still being read when the transfer is over. */
  readonly #over = new AbortController()
  readonly #reading: AbortSignal
  #incoming: Promise<Uint8Array> | null = null
  #ready: { readonly key: string; readonly block: Promise<Uint8Array> } | null = null

  constructor(line: ModemLine, file: ModemFile, signal: AbortSignal) {
    this.#line = line
    this.#file = file
    this.#signal = signal
    this.#reading = AbortSignal.any([signal, this.#over.signal])
    this.#read = blockReader(file.read, file.length)
    this.#state = startSend(file.protocol, file.length, !file.small)
    this.#looked = file.clock.monotonic()
  }

  async run(): Promise<void> {
    try {
      while (!isOver(this.#state)) {
        const { state, order } = stepSend(this.#state, await this.#event())
        const isProgress = acknowledged(state) > acknowledged(this.#state)
        this.#state = state
        if (isProgress) this.#file.progress(acknowledged(state))
        if (order) await this.#send(order)
      }
    } finally {
      await this.#leaveTheRest()
    }
    if (this.#state.failure) throw failed(this.#state.failure, this.#state)
  }

  async #event(): Promise<SendEvent> {
    if (this.#at >= this.#input.length) {
      const bytes = await this.#next(patienceFor(this.#state, this.#file.patience))
      if (!bytes) return { type: 'silence' }
      this.#input = bytes
      this.#at = 0
    }
    const byte = this.#input[this.#at] ?? 0
    this.#at += 1
    return { type: 'byte', byte, early: this.#file.clock.monotonic() < this.#arrives }
  }

  /**
   * The next bytes, or null once `ms` are over. The reading itself goes on then: to begin it anew for every block would
   * cost more than the block's own turnaround.
   */
  #next(ms: number): Promise<Uint8Array | null> {
    this.#incoming ??= this.#line.read(this.#reading)
    const incoming = this.#incoming
    return new Promise((resolve, reject) => {
      let late = false
      const timer = setTimeout(() => {
        late = true
        resolve(null)
      }, ms)
      const settle = (done: () => void) => {
        if (late) return
        clearTimeout(timer)
        this.#incoming = null
        done()
      }
      incoming.then(
        (bytes) => settle(() => resolve(bytes)),
        (error: unknown) => settle(() => reject(error)),
      )
    })
  }

  /** What was read and belongs to whoever reads next is given back. */
  async #leaveTheRest(): Promise<void> {
    this.#over.abort(new AppError('cancelled'))
    const late = await this.#incoming?.catch(() => null)
    const rest = Buffer.concat([this.#input.subarray(this.#at), late ?? new Uint8Array()])
    this.#line.unread(new Uint8Array(rest))
  }

  async #send(order: SendOrder): Promise<void> {
    const { clock, byteMs } = this.#file
    if (clock.monotonic() - this.#looked >= BETWEEN_MS) await this.#look()
    const bytes = await this.#bytes(order)
    this.#skipInput()
    if (isOver(this.#state)) return
    await this.#line.write(bytes, this.#signal)
    // A little less than the line takes: clocks of two machines never agree.
    this.#arrives = clock.monotonic() + bytes.length * byteMs * 0.9
    if (order === 'block') this.#prepareNext()
  }

  /** What came together with the reason for sending is about what was sent before; only a cancel still counts. */
  #skipInput(): void {
    for (const byte of this.#input.subarray(this.#at)) {
      if (byte === CAN) this.#state = stepSend(this.#state, { type: 'byte', byte, early: true }).state
    }
    this.#at = this.#input.length
  }

  async #look(): Promise<void> {
    const { clock } = this.#file
    const began = clock.monotonic()
    await this.#file.between()
    this.#looked = clock.monotonic()
    if (this.#looked - began < LONG_BETWEEN_MS) return
    await this.#next(1)
  }

  async #bytes(order: SendOrder): Promise<Uint8Array> {
    const { check } = this.#state
    switch (order) {
      case 'header':
        return encodeHeader(this.#file.name, this.#file.length, check)
      case 'eot':
        return Uint8Array.of(EOT)
      case 'end':
        return encodeBatchEnd(check)
      case 'block':
        return await this.#block(this.#state.number, this.#state.offset, blockSize(this.#state), check)
    }
  }

  /** The block after the one that is out, made while the line is busy: its turn then costs no time. */
  #prepareNext(): void {
    const state = this.#state
    const ahead = { ...state, number: state.number + 1, offset: state.offset + blockSize(state) }
    if (ahead.offset >= ahead.length) return
    void this.#block(ahead.number, ahead.offset, blockSize(ahead), ahead.check)
  }

  #block(number: number, offset: number, size: BlockSize, check: BlockCheck): Promise<Uint8Array> {
    const key = `${number} ${offset} ${size} ${check}`
    if (this.#ready?.key === key) return this.#ready.block
    const block = this.#make(number, offset, size, check)
    block.catch(() => {})
    this.#ready = { key, block }
    return block
  }

  async #make(number: number, offset: number, size: BlockSize, check: BlockCheck): Promise<Uint8Array> {
    const wanted = Math.min(size, this.#file.length - offset)
    const data = await this.#read(offset, wanted)
    if (data.length !== wanted)
      throw new AppError('artifact.corrupt', { detail: { off: offset, got: data.length, want: wanted } })
    return encodeBlock(number, data, size, check)
  }
}

function failed(failure: SendFailure, state: SendState): AppError {
  const detail = { at: acknowledged(state), total: state.length, reason: failure }
  switch (failure) {
    case 'cancelled':
      return new AppError('device.cancelled', { detail })
    case 'rejected':
      return new AppError('device.write-failed', { detail })
    case 'never-asked':
    case 'silent':
      return new AppError('device.no-answer', { detail })
  }
}
