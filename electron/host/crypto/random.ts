import * as node from 'node:crypto'

/** Bytes from the operating system's generator. */
export function randomBytes(length: number): Uint8Array {
  return new Uint8Array(node.randomBytes(length))
}

/** As {@link randomBytes}, over what stands there. */
export function fillRandom(bytes: Uint8Array): void {
  node.randomFillSync(bytes)
}

/** `length` random bytes in hex. */
export function randomHex(length: number): string {
  return node.randomBytes(length).toString('hex')
}

/** A random whole number with `0 <= n < below`, without bias. `below` at most 2^48. */
export function randomBelow(below: number): number {
  return node.randomInt(below)
}

/** A name no other console will make: `run-` + 26 characters of Crockford base 32 (130 random bits). */
export function randomId(prefix: string): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  let text = ''
  for (const byte of node.randomBytes(26)) text += alphabet[byte & 31]
  return `${prefix}-${text}`
}
