import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { AuditRecipients } from '../../shared/model/policy.ts'
import { generateAgeIdentity, readAgeIdentities } from '../host/crypto/age-seal.ts'
import { ed25519PublicKey, generateEd25519, signEd25519 } from '../host/crypto/ed25519.ts'
import { readFileIfAny, writeFileDurably } from './files.ts'
import type { DepotLayout } from './layout.ts'

const ReceiptKey = z.strictObject({ keyid: z.string(), secret: z.string().regex(/^[0-9a-f]{64}$/) })

/** What the intake server needs to open uploads and to sign for them. */
export interface IntakeKeys {
  /** `AGE-SECRET-KEY-1...` */
  readonly identities: readonly string[]
  readonly receiptKey: { readonly keyid: string; sign(message: Uint8Array): Uint8Array }
}

const place = (layout: DepotLayout) => ({
  /** Opens the detail of entries. The server does not need it: it belongs to whoever reads the log. */
  detail: join(layout.keys, 'audit-detail.age-identity'),
  intake: join(layout.keys, 'audit-intake.age-identity'),
  receipt: join(layout.keys, 'audit-receipt.json'),
})

/** Makes the keys of the audit log, each in a file of its own, and the policy that names them. */
export async function createAuditKeys(layout: DepotLayout): Promise<AuditRecipients> {
  const [detail, intake, receipt] = [await generateAgeIdentity(), await generateAgeIdentity(), generateEd25519()]
  const files = place(layout)
  const identityFile = ({ identity, recipient }: typeof detail) => `# public key: ${recipient}\n${identity}\n`
  const keyid = 'receipts-1'
  const secret = Buffer.from(receipt.secretKey).toString('hex')
  await writeFileDurably(files.detail, identityFile(detail), { mode: 0o600 })
  await writeFileDurably(files.intake, identityFile(intake), { mode: 0o600 })
  await writeFileDurably(files.receipt, `${JSON.stringify({ keyid, secret })}\n`, { mode: 0o600 })
  return {
    format: 'slipway.audit-recipients/1',
    detail: [detail.recipient],
    intake: [intake.recipient],
    receiptKeys: [{ keyid, publicKey: Buffer.from(receipt.publicKey).toString('hex') }],
  }
}

/** Throws `depot.missing-keys` when this machine is not the intake. */
export async function readIntakeKeys(layout: DepotLayout): Promise<IntakeKeys> {
  const files = place(layout)
  const [intake, receipt] = [await readFileIfAny(files.intake), await readFileIfAny(files.receipt)]
  if (!intake || !receipt)
    throw new AppError('depot.missing-keys', { detail: { role: 'audit intake', found: 0, needed: 2 } })
  const { keyid, secret } = parseReceiptKey(receipt, files.receipt)
  const seed = Buffer.from(secret, 'hex')
  return {
    identities: readAgeIdentities(intake.toString('utf8')),
    receiptKey: { keyid, sign: (message) => signEd25519(seed, message) },
  }
}

function parseReceiptKey(bytes: Uint8Array, path: string): z.infer<typeof ReceiptKey> {
  try {
    const key = ReceiptKey.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    ed25519PublicKey(Buffer.from(key.secret, 'hex'))
    return key
  } catch {
    // No cause: a parser may quote what it read, and this is a key.
    throw new AppError('file.unreadable', { detail: { path } })
  }
}
