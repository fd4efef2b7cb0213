import { AppError } from '../../../../shared/errors.ts'
import { encodeBody, type SmpBody } from './body.ts'
import { HEADER_SIZE } from './packet.ts'

/** Old servers consume only whole flash words: offsets stay multiples of this, the last one apart. */
const ALIGN = 32

/**
 * How many of `left` bytes fit into one packet of `limit` bytes beside the other fields of the request, found
 * by encoding those. Throws `device.refused` when not even an image header (32 bytes) fits.
 */
export function chunkSize(limit: number, fields: SmpBody, left: number): number {
  const without = HEADER_SIZE + encodeBody({ ...fields, data: new Uint8Array() }).length
  // The empty string above has a length field of one byte already.
  const room = limit - without
  const fits = room - (lengthField(room) - 1)
  if (left <= fits) return left
  const size = Math.floor(fits / ALIGN) * ALIGN
  if (size < ALIGN) throw new AppError('device.refused', { detail: { reason: 'buffer-too-small', bufSize: limit } })
  return size
}

/** Bytes that CBOR spends on the length of a byte string. */
function lengthField(length: number): number {
  if (length < 24) return 1
  return length < 256 ? 2 : 3
}
