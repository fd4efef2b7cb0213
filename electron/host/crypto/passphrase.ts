import * as node from 'node:crypto'
import { argon2idAsync } from '@noble/hashes/argon2.js'
import { z } from 'zod'
import { type Backend, passes } from './backend.ts'
import { randomBytes } from './random.ts'

/**
 * Argon2id (RFC 9106) with what it needs to be done again. Bounded, because a file that was tampered
 * with must not make the laptop allocate all its memory.
 */
export const PassphraseKdf = z.strictObject({
  algorithm: z.literal('argon2id'),
  memoryKiB: z
    .int()
    .min(8 * 1024)
    .max(1024 * 1024),
  passes: z.int().min(1).max(16),
  lanes: z.int().min(1).max(8),
  /** hex */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
})
export type PassphraseKdf = z.infer<typeof PassphraseKdf>

/** RFC 9106 section 4, second recommended option: 64 MiB, 3 passes, 4 lanes, a 128-bit salt. */
export function newPassphraseKdf(): PassphraseKdf {
  const salt = Buffer.from(randomBytes(16)).toString('hex')
  return { algorithm: 'argon2id', memoryKiB: 64 * 1024, passes: 3, lanes: 4, salt }
}

export type Argon2id = (passphrase: Uint8Array, kdf: PassphraseKdf) => Promise<Uint8Array>

const KEY_LENGTH = 32
/** The reference gives the event loop back this often, ms. */
const TICK_MS = 10

/** On a thread of the pool, about 0.2 s. */
export const nodeArgon2id: Argon2id = (message, { memoryKiB, passes, lanes, salt }) =>
  new Promise((resolve, reject) => {
    const nonce = Buffer.from(salt, 'hex')
    const parameters = { message, nonce, parallelism: lanes, tagLength: KEY_LENGTH, memory: memoryKiB, passes }
    node.argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))))
  })

/** On this thread in slices, about 1.4 s. For run-times whose crypto library has no Argon2 (BoringSSL has none). */
export const nobleArgon2id: Argon2id = (message, { memoryKiB, passes, lanes, salt }) =>
  argon2idAsync(message, Buffer.from(salt, 'hex'), {
    m: memoryKiB,
    t: passes,
    p: lanes,
    dkLen: KEY_LENGTH,
    asyncTick: TICK_MS,
  })

/** Whether the run-time has Argon2 at all. Its answers are compared with the reference's in the tests. */
export function argon2idBackend(): Backend<Argon2id> {
  const present = passes((candidate) => typeof candidate === 'function', node.argon2)
  return present ? { name: 'node', use: nodeArgon2id } : { name: 'noble', use: nobleArgon2id }
}

/**
 * The 32-byte key of a passphrase. Takes a noticeable fraction of a second by design and never blocks
 * the event loop for it. The same passphrase typed on another keyboard gives the same key (NFC, RFC 8265 4.2).
 */
export async function passphraseKey(
  passphrase: string,
  kdf: PassphraseKdf,
  argon2id: Argon2id = argon2idBackend().use,
): Promise<Uint8Array> {
  const bytes = Buffer.from(passphrase.normalize('NFC'), 'utf8')
  try {
    return await argon2id(bytes, kdf)
  } finally {
    bytes.fill(0)
  }
}
