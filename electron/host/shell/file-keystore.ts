import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { randomBytes } from '../crypto/random.ts'
import { openBox, sealBox } from '../crypto/secretbox.ts'
import { writePrivateFile } from '../store/private-files.ts'

const KEY_LENGTH = 32
const CONTEXT = new TextEncoder().encode('slipway.keystore/1')

/**
 * What stands in for the keystore of the operating system where there is none to ask: a random key in
 * a file for its owner alone. It keeps a copied database shut, not an intruder in the owner's account.
 */
export class FileKeystore {
  readonly #path: string
  #key: Uint8Array | null = null

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'keystore', 'key')
  }

  /** @throws AppError `host.no-keystore` the key file is not what was written */
  protect(bytes: Uint8Array): Uint8Array {
    return sealBox(this.#open(true), bytes, CONTEXT)
  }

  /** @throws AppError `host.no-keystore` the key is gone, or is not the one these bytes were put under */
  unprotect(bytes: Uint8Array): Uint8Array {
    const opened = openBox(this.#open(false), bytes, CONTEXT)
    if (!opened) throw new AppError('host.no-keystore', { detail: { why: 'other-key' } })
    return opened
  }

  #open(create: boolean): Uint8Array {
    if (this.#key) return this.#key
    if (!existsSync(this.#path)) {
      // A new key could never open what was put under the lost one: say so rather than make one.
      if (!create) throw new AppError('host.no-keystore', { detail: { why: 'missing' } })
      writePrivateFile(this.#path, randomBytes(KEY_LENGTH))
    }
    const key = readFileSync(this.#path)
    if (key.length !== KEY_LENGTH) throw new AppError('host.no-keystore', { detail: { why: 'damaged' } })
    this.#key = key
    return key
  }
}
