import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { Ed25519KeyHex } from '../../shared/model/text.ts'
import { ed25519PublicKey, generateEd25519, signEd25519 } from '../host/crypto/ed25519.ts'
import { openWithPassphrase, PassphraseBox, sealWithPassphrase } from '../host/crypto/passphrase-box.ts'
import { keyidOf } from './config.ts'
import { filesBelow, readFileIfAny, writeFileDurably } from './files.ts'

/** A private key that can sign. */
export interface SigningKey {
  readonly keyid: string
  readonly publicKey: string
  sign(message: Uint8Array): string
}

const KeyFile = z.strictObject({
  format: z.literal('slipway.depot-key/1'),
  publicKey: Ed25519KeyHex,
  /** The 32-byte seed, in hex or under the depot's passphrase. */
  secret: z.union([z.string().regex(/^[0-9a-f]{64}$/), PassphraseBox]),
})

const PURPOSE = 'slipway.depot-key'

/** Private keys in a folder, one file a key, for its owner alone. Files that were carried away are simply not there. */
export class KeyStore {
  readonly #dir: string
  readonly #passphrase: string | null
  readonly #opened = new Map<string, SigningKey>()

  /** `passphrase` null: keys lie in the clear, protected by the file system alone. */
  constructor(dir: string, passphrase: string | null) {
    this.#dir = dir
    this.#passphrase = passphrase
  }

  /** Makes a key and writes it down before anybody learns of it. Returns the public half, hex. */
  async create(): Promise<string> {
    const { secretKey, publicKey } = generateEd25519()
    const hex = Buffer.from(publicKey).toString('hex')
    await this.#write(hex, secretKey, this.#passphrase)
    this.#opened.set(hex, signingKey(secretKey, hex))
    return hex
  }

  /** Ids of the keys whose files are here. */
  async keyids(): Promise<Set<string>> {
    const names = await filesBelow(this.#dir)
    return new Set(names.flatMap((name) => /^([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? []))
  }

  /**
   * The key with this public half; null when its file is not here. Throws `people.wrong-passphrase` when the
   * passphrase is missing or wrong, `file.unreadable` when the file is no key.
   */
  async open(publicKey: string): Promise<SigningKey | null> {
    const opened = this.#opened.get(publicKey)
    if (opened) return opened
    const path = this.#path(keyidOf(publicKey))
    const bytes = await readFileIfAny(path)
    if (!bytes) return null
    const secret = await this.#secret(parseKeyFile(bytes, path))
    if (Buffer.from(ed25519PublicKey(secret)).toString('hex') !== publicKey) {
      throw new AppError('file.unreadable', { detail: { path } })
    }
    const key = signingKey(secret, publicKey)
    this.#opened.set(publicKey, key)
    return key
  }

  /**
   * Puts every key here under another passphrase; null for none. Throws `people.wrong-passphrase`, and then none is
   * changed: all are opened before the first is written.
   */
  async protect(passphrase: string | null): Promise<number> {
    const opened: [string, Uint8Array][] = []
    for (const keyid of await this.keyids()) {
      const path = this.#path(keyid)
      const file = parseKeyFile((await readFileIfAny(path)) ?? Buffer.alloc(0), path)
      opened.push([file.publicKey, await this.#secret(file)])
    }
    for (const [publicKey, secret] of opened) await this.#write(publicKey, secret, passphrase)
    return opened.length
  }

  async remove(keyid: string): Promise<void> {
    await rm(this.#path(keyid), { force: true })
  }

  async #write(publicKey: string, secretKey: Uint8Array, passphrase: string | null): Promise<void> {
    const secret =
      passphrase === null
        ? Buffer.from(secretKey).toString('hex')
        : await sealWithPassphrase(passphrase, secretKey, `${PURPOSE} ${publicKey}`)
    const file = { format: 'slipway.depot-key/1', publicKey, secret } satisfies z.infer<typeof KeyFile>
    await writeFileDurably(this.#path(keyidOf(publicKey)), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
  }

  async #secret({ secret, publicKey }: z.infer<typeof KeyFile>): Promise<Uint8Array> {
    if (typeof secret === 'string') return Buffer.from(secret, 'hex')
    const plain =
      this.#passphrase === null ? null : await openWithPassphrase(this.#passphrase, secret, `${PURPOSE} ${publicKey}`)
    if (!plain) throw new AppError('people.wrong-passphrase')
    return plain
  }

  #path(keyid: string): string {
    return join(this.#dir, `${keyid}.json`)
  }
}

function parseKeyFile(bytes: Uint8Array, path: string): z.infer<typeof KeyFile> {
  try {
    return KeyFile.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    // No cause: a parser may quote what it read, and this is a key.
    throw new AppError('file.unreadable', { detail: { path } })
  }
}

function signingKey(secret: Uint8Array, publicKey: string): SigningKey {
  return {
    keyid: keyidOf(publicKey),
    publicKey,
    sign: (message) => Buffer.from(signEd25519(secret, message)).toString('hex'),
  }
}
