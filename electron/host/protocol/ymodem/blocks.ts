import { AppError } from '../../../../shared/errors.ts'
import { crc16 } from '../crc16.ts'

/** Control bytes of XMODEM and YMODEM (PROTOCOLS 3). */
export const SOH = 0x01
export const STX = 0x02
export const EOT = 0x04
export const ACK = 0x06
export const BACKSPACE = 0x08
export const NAK = 0x15
export const CAN = 0x18
export const SUB = 0x1a
/** `C`: the receiver wants CRC-16 instead of the one-byte sum. */
export const CRC_PLEASE = 0x43

/** How blocks are protected: the receiver chooses with its first byte. */
export type BlockCheck = 'crc' | 'sum'

export const SMALL = 128
export const LARGE = 1024
export type BlockSize = typeof SMALL | typeof LARGE

const MAX_NAME = 64

/** Bytes on the line for one block. */
export function blockLength(size: BlockSize, check: BlockCheck): number {
  return 3 + size + (check === 'crc' ? 2 : 1)
}

/** One block; `data` shorter than `size` is filled up with `fill`. The number goes out modulo 256. */
export function encodeBlock(
  number: number,
  data: Uint8Array,
  size: BlockSize,
  check: BlockCheck,
  fill: number = SUB,
): Uint8Array {
  const block = new Uint8Array(blockLength(size, check)).fill(fill)
  block.set([size === LARGE ? STX : SOH, number & 0xff, ~number & 0xff])
  block.set(data, 3)
  const body = block.subarray(3, 3 + size)
  if (check === 'crc') {
    const crc = crc16(body)
    block.set([crc >> 8, crc & 0xff], 3 + size)
  } else block[3 + size] = body.reduce((sum, byte) => sum + byte, 0) & 0xff
  return block
}

/**
 * YMODEM block 0. The length always goes along: without it U-Boot cuts runs of 0x1a off the end of a binary. Throws
 * `internal` for a name that no block can carry.
 */
export function encodeHeader(name: string, length: number, check: BlockCheck): Uint8Array {
  if (!/^[\w.-]+$/.test(name) || name.length > MAX_NAME)
    throw new AppError('internal', { detail: { what: 'file-name' } })
  return encodeBlock(0, Buffer.from(`${name}\0${length}`, 'latin1'), SMALL, check, 0)
}

/** The block 0 without a name that ends a batch. */
export function encodeBatchEnd(check: BlockCheck): Uint8Array {
  return encodeBlock(0, new Uint8Array(), SMALL, check, 0)
}

/** Eight of each: receivers want two or three CANs in a row, and a prompt behind them wants to be rid of the rest. */
export const CANCEL = Uint8Array.from([...Array<number>(8).fill(CAN), ...Array<number>(8).fill(BACKSPACE)])
