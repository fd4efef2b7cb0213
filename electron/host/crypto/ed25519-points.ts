/**
 * Public keys that no honest signer has. RFC 8032 5.1.3 refuses an encoding whose y is not reduced, or
 * whose x is 0 with the sign bit set; and under a key of small order one signature fits many messages.
 * Libraries differ on these, so they are refused before any library is asked.
 */

/** The points of order 1, 2, 4 and 8 in their canonical encodings, and the two with a sign on x = 0. */
const REFUSED = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
])

/** Whether these 32 bytes may be a public key at all. Says nothing about the curve equation. */
export function isAcceptablePoint(bytes: Uint8Array): boolean {
  return bytes.length === 32 && isReduced(bytes) && !REFUSED.has(Buffer.from(bytes).toString('hex'))
}

/** y < p = 2^255 - 19, in little-endian with the sign bit on top. Keys are public: no secret-dependent time. */
function isReduced(bytes: Uint8Array): boolean {
  if (((bytes[31] ?? 0) & 0x7f) !== 0x7f) return true
  for (let i = 30; i >= 1; i -= 1) if (bytes[i] !== 0xff) return true
  return (bytes[0] ?? 0) < 0xed
}
