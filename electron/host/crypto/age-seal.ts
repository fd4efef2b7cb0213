import { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { AppError } from '../../../shared/errors.ts'
import { type PrepareWrapKeys, stockedWrapKeys } from './age-seal-stock.ts'
import { ageRecipientKey, ageX25519Recipient, wrapKeys } from './age-seal-x25519.ts'

/** Seals to a fixed set of recipients. What it makes are age v1 files that any age program opens. */
export interface AgeSealer {
  readonly recipients: readonly string[]
  seal(plain: Uint8Array): Promise<Uint8Array>
  /** Memory stays at a few 64 KiB chunks whatever the size. */
  sealStream(plain: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
}

/** Opens what was sealed to one of a set of identities. */
export interface AgeOpener {
  /** Null when the bytes are no age file, were changed, or are sealed to others. */
  open(sealed: Uint8Array): Promise<Uint8Array | null>
  /**
   * Verified plaintext, chunk by chunk; throws at the first byte that does not verify. What came
   * before is genuine and may be cut short: use none of it before the end was reached.
   */
  openStream(sealed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
}

/** Whether `text` is an X25519 recipient with a valid check sum. */
export function isAgeRecipient(text: string): boolean {
  return ageRecipientKey(text) !== null
}

/**
 * Throws `audit.no-recipients` when there is none or one of them is no recipient. With `prepare` the
 * key exchanges are made ahead on another thread: worth it where sealing is on somebody's way.
 */
export function ageSealer(recipients: readonly string[], prepare?: PrepareWrapKeys): AgeSealer {
  const keys = recipients.map(ageRecipientKey)
  const invalid = keys.filter((key) => key === null).length
  if (keys.length === 0 || invalid > 0) throw new AppError('audit.no-recipients', { detail: { invalid } })
  const encrypter = new Encrypter()
  for (const key of keys) {
    if (key === null) continue
    encrypter.addRecipient(ageX25519Recipient(prepare ? stockedWrapKeys(key, prepare) : wrapKeys(key)))
  }
  return {
    recipients,
    seal: async (plain) => collect(await encrypter.encrypt(streamOf(plain))),
    async *sealStream(plain) {
      yield* readAll(await encrypter.encrypt(webStream(plain)))
    },
  }
}

/** `identities` are `AGE-SECRET-KEY-1...` strings. Throws `file.unreadable` when one is not. */
export function ageOpener(identities: readonly string[]): AgeOpener {
  const decrypter = new Decrypter()
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity)
    } catch {
      // No cause: the library's message might carry what it was given.
      throw new AppError('file.unreadable', { detail: { what: 'age-identity' } })
    }
  }
  return {
    async open(sealed) {
      try {
        return await decrypter.decrypt(sealed)
      } catch {
        return null
      }
    },
    async *openStream(sealed) {
      yield* readAll(await decrypter.decrypt(webStream(sealed)))
    },
  }
}

export async function generateAgeIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/** The identities in a file as `age-keygen` writes it: one a line, `#` comments and blank lines aside. */
export function readAgeIdentities(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** The library gathers bytes by way of `Response`, which makes a start read all of the run-time's HTTP client. */
async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value)
  return Buffer.concat(chunks)
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
}

function webStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return NodeReadableStream.from(source)
}

async function* readAll(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* stream as unknown as AsyncIterable<Uint8Array>
}
