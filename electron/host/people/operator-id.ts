import { sha256Hex } from '../crypto/hash.ts'

const MAX_NAME_PART = 40

/**
 * A readable id for the log: `ada-lovelace-3f2a1c`. The end is from the key, so that two people of one
 * name, or one person on two laptops, are never taken for each other.
 */
export function operatorId(name: string, publicKey: Uint8Array): string {
  const readable = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_NAME_PART)
    .replace(/^-+|-+$/g, '')
  return `${readable === '' ? 'operator' : readable}-${sha256Hex(publicKey).slice(0, 6)}`
}
