import { AppError } from '../../../../shared/errors.ts'
import type { ArtifactFacts } from '../../../../shared/model/artifact.ts'
import { createHasher } from '../../crypto/hash.ts'
import { type ArtifactSource, readExactly, stretch, unreadable } from '../source.ts'
import { byteSum, type CpioEntry, readCpio } from './cpio.ts'
import { type DescribedFile, type Description, parseDescription } from './description.ts'

const DESCRIPTION = 'sw-description'
const SIGNATURE = 'sw-description.sig'
const MAX_DESCRIPTION = 1024 * 1024
/** DER of `signedData` (RFC 5652): what a CMS signature starts with, behind a SEQUENCE head. */
const CMS_SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex')

/**
 * Reads a SWUpdate package: archive, description, and every file against the hash that the description names.
 * Its signature is the device's to judge. Throws `artifact.unreadable`, `artifact.corrupt`.
 */
export async function inspectSwu(source: ArtifactSource): Promise<ArtifactFacts> {
  const entries = await readCpio(source)
  const [first] = entries
  if (first?.name !== DESCRIPTION) throw unreadable('description-not-first')
  if (first.size > MAX_DESCRIPTION) throw unreadable('description-too-long', { length: first.size })
  const text = Buffer.from(await readExactly(source, first.offset, first.size)).toString('utf8')
  const description = parseDescription(text)
  for (const entry of entries) await checkSum(source, entry)
  for (const file of description.files) await checkFile(source, entries, file)
  const signature = entries.find(({ name }) => name === SIGNATURE)
  return {
    kind: 'swu',
    version: description.version,
    hardware: description.hardware.map((revision) => revision.slice(0, 60)),
    deviceHash: null,
    signature: signature ? 'not-checked' : 'none',
    signer: null,
    facts: factsOf(description, entries, signature ? await signatureKind(source, signature) : 'none'),
  }
}

async function checkSum(source: ArtifactSource, entry: CpioEntry): Promise<void> {
  if (entry.sum === null || entry.sum === (await byteSum(source, entry))) return
  throw new AppError('artifact.corrupt', { detail: { kind: 'swu', file: entry.name } })
}

async function checkFile(source: ArtifactSource, entries: readonly CpioEntry[], file: DescribedFile): Promise<void> {
  const entry = entries.find(({ name }) => name === file.name)
  if (!entry) throw unreadable('file-missing', { file: file.name })
  if (file.sha256 === null) return
  const hasher = createHasher()
  for await (const block of stretch(source, entry.offset, entry.offset + entry.size)) hasher.update(block)
  if (hasher.hex() !== file.sha256) throw new AppError('artifact.corrupt', { detail: { kind: 'swu', file: file.name } })
}

async function signatureKind(source: ArtifactSource, entry: CpioEntry): Promise<string> {
  const head = Buffer.from(await readExactly(source, entry.offset, Math.min(entry.size, 24)))
  return head[0] === 0x30 && head.includes(CMS_SIGNED_DATA) ? 'CMS' : 'RSA'
}

function factsOf(description: Description, entries: readonly CpioEntry[], signature: string): ArtifactFacts['facts'] {
  const files = entries.filter(({ name }) => name !== DESCRIPTION && name !== SIGNATURE)
  return [
    ...(description.text ? [{ name: 'description', value: description.text.slice(0, 200) }] : []),
    { name: 'signature', value: signature },
    ...files.slice(0, 50).map(({ name, size }) => ({ name: 'file', value: `${name} (${size} bytes)` })),
  ]
}
