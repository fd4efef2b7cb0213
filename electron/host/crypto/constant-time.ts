import { timingSafeEqual } from 'node:crypto'

/** Compares secrets in a time that tells nothing about where they differ. Lengths are not secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** {@link equalBytes} for tokens that are text. */
export function equalText(a: string, b: string): boolean {
  return equalBytes(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}
