import type { ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import { createHasher } from '../../crypto/hash.ts'
import { type ArtifactSource, corrupt, readExactly, stretch, unreadable } from '../source.ts'
import { byteSum, type CpioEntry, readCpio } from './cpio.ts'
import { type DescribedFile, type Description, parseDescription } from './description.ts'
import { MAX_SWU_SIGNATURE, swuSignature } from './signature.ts'

const DESCRIPTION = 'sw-description'
const SIGNATURE = 'sw-description.sig'
const MAX_DESCRIPTION = 1024 * 1024

/**
 * Reads a SWUpdate package: archive, description, its signature against the profile's certificates, and every file
 * against the hash that the description names. Throws `artifact.unreadable`, `artifact.corrupt`.
 */
export async function inspectSwu(source: ArtifactSource, signers: readonly SignerKey[]): Promise<ArtifactFacts> {
  const entries = await readCpio(source)
  const [first] = entries
  if (first?.name !== DESCRIPTION) throw unreadable('description-not-first')
  const description = await small(source, first, MAX_DESCRIPTION)
  const parsed = parseDescription(Buffer.from(description).toString('utf8'))
  for (const entry of entries) await checkSum(source, entry)
  for (const file of parsed.files) await checkFile(source, entries, file)
  const entry = entries.find(({ name }) => name === SIGNATURE)
  const signature = entry ? await small(source, entry, MAX_SWU_SIGNATURE) : null
  const { kind, verdict } = await swuSignature(description, signature, signers)
  return {
    kind: 'swu',
    version: parsed.version,
    hardware: parsed.hardware.map((revision) => revision.slice(0, 60)),
    deviceHash: null,
    ...judged(verdict, parsed),
    facts: factsOf(parsed, entries, kind),
  }
}

/** A signature over a description says nothing of files that the description does not bind by their hash. */
function judged(verdict: Pick<ArtifactFacts, 'signature' | 'signer'>, { files }: Description): typeof verdict {
  const loose = files.some(({ sha256 }) => sha256 === null)
  return verdict.signature === 'good' && loose ? { signature: 'bad', signer: null } : verdict
}

async function small(source: ArtifactSource, { name, offset, size }: CpioEntry, limit: number): Promise<Uint8Array> {
  if (size > limit) throw unreadable('file-too-long', { file: name, length: size })
  return await readExactly(source, offset, size)
}

async function checkSum(source: ArtifactSource, entry: CpioEntry): Promise<void> {
  if (entry.sum === null || entry.sum === (await byteSum(source, entry))) return
  throw corrupt('swu', { file: entry.name })
}

async function checkFile(source: ArtifactSource, entries: readonly CpioEntry[], file: DescribedFile): Promise<void> {
  const entry = entries.find(({ name }) => name === file.name)
  if (!entry) throw unreadable('file-missing', { file: file.name })
  if (file.sha256 === null) return
  const hasher = createHasher()
  for await (const block of stretch(source, entry.offset, entry.offset + entry.size)) hasher.update(block)
  if (hasher.hex() !== file.sha256) throw corrupt('swu', { file: file.name })
}

function factsOf(description: Description, entries: readonly CpioEntry[], signature: string): ArtifactFacts['facts'] {
  const files = entries.filter(({ name }) => name !== DESCRIPTION && name !== SIGNATURE)
  return [
    ...(description.text ? [{ name: 'description' as const, value: description.text.slice(0, 200) }] : []),
    ...(signature === 'none' ? [] : [{ name: 'signature-kind' as const, value: signature }]),
    ...files.slice(0, 50).map(({ name, size }) => ({ name: 'file' as const, value: `${name} (${size} B)` })),
  ]
}
