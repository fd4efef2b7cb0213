import { crc16 } from '../../host/protocol/crc16.ts'
import {
  ACK,
  type BlockCheck,
  CAN,
  CRC_PLEASE,
  EOT,
  LARGE,
  NAK,
  SMALL,
  SOH,
  STX,
} from '../../host/protocol/ymodem/blocks.ts'

/** Whose habits: U-Boot asks for the first block only after seconds and acknowledges the end twice; `strict` refuses the first EOT. */
export type ReceiverHabits = 'u-boot' | 'lrzsz' | 'strict'

export interface ReceiverOptions {
  readonly batch: boolean
  readonly habits: ReceiverHabits
  readonly check: BlockCheck
}

/** CANs in a row that end it (U-Boot). */
const CANS = 3

/** The receiving side of XMODEM and YMODEM: bytes in, answers out. Time is whoever calls `silence`. */
export class ModemReceiver {
  state: 'header' | 'data' | 'end' | 'done' | 'cancelled' = 'data'
  name: string | null = null
  /** As block 0 told it; null: XMODEM, which does not. */
  length: number | null = null
  /** Bytes of the block that is coming in. */
  #block: number[] = []
  #parts: Uint8Array[] = []
  #number = 1
  #cans = 0
  #refusedEot = false
  readonly #options: ReceiverOptions

  constructor(options: ReceiverOptions) {
    this.#options = options
    if (options.batch) this.state = 'header'
  }

  get over(): boolean {
    return this.state === 'done' || this.state === 'cancelled'
  }

  /** Bytes of data blocks so far, padding included. */
  get received(): number {
    return this.#parts.reduce((sum, part) => sum + part.length, 0)
  }

  /** What was received; with YMODEM cut to the length that was told. */
  file(): Uint8Array {
    const all = Buffer.concat(this.#parts)
    return new Uint8Array(this.length === null ? all : all.subarray(0, this.length))
  }

  /** Nothing came for as long as this receiver waits. */
  silence(): Uint8Array {
    if (this.over) return new Uint8Array()
    this.#block = []
    return this.state === 'end' && this.#options.habits === 'u-boot' ? this.#done() : this.#again()
  }

  /** One byte from the line. */
  take(byte: number): Uint8Array {
    if (this.over) return new Uint8Array()
    if (this.#block.length === 0) return this.#first(byte)
    this.#block.push(byte)
    const size = this.#block[0] === STX ? LARGE : SMALL
    const whole = 3 + size + (this.#options.check === 'crc' ? 2 : 1)
    if (this.#block.length < whole) return new Uint8Array()
    const block = Uint8Array.from(this.#block)
    this.#block = []
    return this.#isSound(block) ? this.#accept(block[1] ?? 0, block.subarray(3, 3 + size)) : this.#again()
  }

  #first(byte: number): Uint8Array {
    this.#cans = byte === CAN ? this.#cans + 1 : 0
    if (this.#cans >= CANS) {
      this.state = 'cancelled'
      return Uint8Array.of(CAN, CAN, CAN, CAN)
    }
    if (byte === EOT && this.state === 'data') return this.#end()
    // The answer to the end was lost. U-Boot takes whatever comes now for the end of the batch.
    if (byte === EOT && this.state === 'end') return this.#options.habits === 'u-boot' ? this.#done() : this.#end()
    if (byte === SOH || byte === STX) this.#block.push(byte)
    return new Uint8Array()
  }

  #end(): Uint8Array {
    const { batch, habits } = this.#options
    if (habits === 'strict' && !this.#refusedEot) {
      this.#refusedEot = true
      return Uint8Array.of(NAK)
    }
    this.state = batch ? 'end' : 'done'
    const acks = habits === 'u-boot' && batch ? [ACK, ACK] : [ACK]
    return Uint8Array.from(batch ? [...acks, CRC_PLEASE] : acks)
  }

  #done(): Uint8Array {
    this.state = 'done'
    return Uint8Array.of(ACK)
  }

  #isSound(block: Uint8Array): boolean {
    if ((block[1] ?? 0) + (block[2] ?? 0) !== 0xff) return false
    if (this.#options.check === 'crc') return crc16(block.subarray(3)) === 0
    const body = block.subarray(3, -1)
    return (body.reduce((sum, byte) => sum + byte, 0) & 0xff) === block.at(-1)
  }

  #accept(number: number, data: Uint8Array): Uint8Array {
    if (this.state === 'header' && number === 0) return this.#header(data)
    if (this.state === 'end' && number === 0) return this.#done()
    if (this.state !== 'data') return this.#again()
    // The one before once more: its acknowledgement was lost.
    if (number === ((this.#number - 1) & 0xff)) return Uint8Array.of(ACK)
    if (number !== (this.#number & 0xff)) return this.#again()
    this.#parts.push(data)
    this.#number += 1
    return Uint8Array.of(ACK)
  }

  #header(data: Uint8Array): Uint8Array {
    const [name = '', length = ''] = Buffer.from(data).toString('latin1').split('\0')
    this.name = name
    this.length = Number.parseInt(length, 10)
    this.state = 'data'
    return this.#options.habits === 'u-boot' ? Uint8Array.of(ACK) : Uint8Array.of(ACK, CRC_PLEASE)
  }

  #again(): Uint8Array {
    return Uint8Array.of(this.#options.check === 'crc' ? CRC_PLEASE : NAK)
  }
}
