import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { PolicyConsole } from '../../../shared/model/policy.ts'
import { Ed25519KeyHex, Prose, Slug } from '../../../shared/model/text.ts'
import type { ConsoleSigner } from '../audit/chain-head.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import { ed25519PublicKey, generateEd25519, signEd25519 } from '../crypto/ed25519.ts'
import { sha256Hex } from '../crypto/hash.ts'
import type { FactQueries } from '../store/facts.ts'
import { writePrivateFile } from '../store/private-files.ts'
import type { KeyProtector } from './key-protector.ts'

/** This laptop, as the depot and the log know it. */
export interface ConsoleIdentity extends ConsoleSigner {
  readonly name: string
  /**
   * `new`: nothing was recorded under this key yet. `lost`: the database knows another console, whose
   * key is gone. The log begins a new epoch for the second.
   */
  readonly key: 'known' | 'new' | 'lost'
}

const FACT = 'console.id'

const KeyFile = z.strictObject({
  format: z.literal('slipway.console-key/1'),
  id: Slug,
  name: Prose.max(100),
  publicKey: Ed25519KeyHex,
  /** The 32-byte seed under the keystore. */
  sealed: z.base64().min(1).max(10_000),
})
type KeyFile = z.infer<typeof KeyFile>

export interface ConsoleIdentityOptions {
  readonly dataDir: string
  readonly protector: KeyProtector
  readonly facts: FactQueries
  /** The database was made at this start. */
  readonly freshDatabase: boolean
  /** What people call the laptop; used when the key is made. */
  readonly name: string
}

/**
 * Opens the console's key, or makes it at the first start. A key that is there and cannot be opened is
 * never replaced: throws `host.no-keystore`, or `file.unreadable` when the file is no key file.
 */
export async function openConsoleIdentity(options: ConsoleIdentityOptions): Promise<ConsoleIdentity> {
  const { dataDir, protector, facts, freshDatabase } = options
  const path = join(dataDir, 'keys', 'console.json')
  const remembered = facts.get(FACT)
  const file = readKeyFile(path)
  if (file === null) {
    const made = await makeKey(path, protector, options.name)
    return identity(made.file, made.secret, remembered === null ? 'new' : 'lost')
  }
  const secret = await protector.unprotect(Buffer.from(file.sealed, 'base64'))
  if (secret.length !== 32 || hex(ed25519PublicKey(secret)) !== file.publicKey) throw unreadable(path)
  if (remembered === file.id) return identity(file, secret, 'known')
  if (remembered !== null) return identity(file, secret, 'lost')
  // A key and an old database without a word of it: the first start was cut short. A key and no
  // database: there was one, and the log must say that it is gone.
  return identity(file, secret, freshDatabase ? 'known' : 'new')
}

/** Puts a console that is new to this database on record. Does nothing for one that is known. */
export async function noteConsole(
  console: ConsoleIdentity,
  facts: FactQueries,
  recorder: AuditRecorder,
): Promise<void> {
  if (facts.get(FACT) === console.console) return
  const detail = { name: console.name, publicKey: console.publicKey, key: console.key }
  const entry = { actor: 'console', action: 'console.created', subject: console.console, detail } as const
  await recorder.record(entry, () => facts.set(FACT, console.console))
}

/** The console as an enrolment request and the policy name it. */
export function asPolicyConsole({ console, name, publicKey }: ConsoleIdentity): PolicyConsole {
  return { id: console, name, publicKey }
}

function readKeyFile(path: string): KeyFile | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw unreadable(path)
  }
  try {
    return KeyFile.parse(JSON.parse(text))
  } catch {
    // No cause: a parser may quote what it read.
    throw unreadable(path)
  }
}

async function makeKey(path: string, protector: KeyProtector, name: string) {
  const { secretKey, publicKey } = generateEd25519()
  const file: KeyFile = {
    format: 'slipway.console-key/1',
    id: `console-${sha256Hex(publicKey).slice(0, 12)}`,
    name: Prose.max(100).catch('laptop').parse(name),
    publicKey: hex(publicKey),
    sealed: Buffer.from(await protector.protect(secretKey)).toString('base64'),
  }
  writePrivateFile(path, `${JSON.stringify(file, null, 2)}\n`)
  return { file, secret: secretKey }
}

function identity({ id, name, publicKey }: KeyFile, secret: Uint8Array, key: ConsoleIdentity['key']): ConsoleIdentity {
  return { console: id, name, publicKey, key, sign: (message) => signEd25519(secret, message) }
}

function unreadable(path: string): AppError {
  return new AppError('file.unreadable', { detail: { path, what: 'console-key' } })
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
