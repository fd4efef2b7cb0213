import { AppError } from '../../../../shared/errors.ts'
import type { ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import { createHasher } from '../../crypto/hash.ts'
import { type ArtifactSource, readExactly, stretch } from '../source.ts'
import { ENCRYPTED, FLAG } from './header.ts'
import { type McubootImage, readMcuboot } from './image.ts'
import { checksFor, describe, isGood, signaturesIn } from './signature.ts'
import { TLV } from './tlv.ts'

/** A signature over the image itself needs the image in memory; larger ones are left to the device. */
const MAX_PURE = 16 * 1024 * 1024

/**
 * Reads an MCUboot image once, from front to back: structure, hash, and its signature against the profile's
 * keys. Throws `artifact.unreadable`, `artifact.corrupt` (its own hash does not fit).
 */
export async function inspectMcuboot(source: ArtifactSource, signers: readonly SignerKey[]): Promise<ArtifactFacts> {
  const image = await readMcuboot(source)
  const signatures = signaturesIn(image.tlvs, image.hash.algorithm)
  const checks = checksFor(signatures, signers, image.hash.algorithm)
  const pure = signatures.some((signature) => signature.pure)
  const whole = pure && image.hashedEnd <= MAX_PURE ? await readExactly(source, 0, image.hashedEnd) : null

  const hasher = createHasher(image.hash.algorithm)
  for await (const block of stretch(source, 0, image.hashedEnd)) {
    hasher.update(block)
    for (const { stream } of checks) stream?.update(block)
  }
  const digest = Buffer.from(hasher.hex(), 'hex')
  // The hash of an encrypted image covers what only the device can see.
  const encrypted = (image.header.flags & ENCRYPTED) !== 0
  if (!encrypted && !digest.equals(image.hash.value))
    throw new AppError('artifact.corrupt', { detail: { kind: 'mcuboot' } })

  const good = encrypted ? undefined : checks.find((check) => isGood(check, digest, whole))
  const unchecked = encrypted || signers.length === 0 || (pure && !whole)
  return {
    kind: 'mcuboot',
    version: image.header.version,
    hardware: [],
    deviceHash: Buffer.from(image.hash.value).toString('hex'),
    signature: verdict(signatures.length, checks.length, good !== undefined, unchecked),
    signer: good?.signer.id ?? null,
    ...(image.trailer && { trailer: image.trailer }),
    facts: factsOf(image, encrypted),
  }
}

function verdict(signatures: number, checks: number, good: boolean, unchecked: boolean): ArtifactFacts['signature'] {
  if (signatures === 0) return 'none'
  if (unchecked) return 'not-checked'
  if (good) return 'good'
  return checks > 0 ? 'bad' : 'unknown-signer'
}

function factsOf(image: McubootImage, encrypted: boolean): ArtifactFacts['facts'] {
  const { header, tlvs } = image
  const facts: ArtifactFacts['facts'] = [
    { name: 'image-size', value: String(header.imageSize) },
    { name: 'load-address', value: `0x${header.loadAddress.toString(16).padStart(8, '0')}` },
    { name: 'flags', value: `0x${header.flags.toString(16)}` },
  ]
  if (encrypted) facts.push({ name: 'encrypted', value: (header.flags & FLAG.aes256) === 0 ? 'AES-128' : 'AES-256' })
  if (image.trailer) facts.push({ name: 'slot-trailer', value: image.trailer })
  const signed = describe(image)
  if (signed !== '') facts.push({ name: 'signature-kind', value: signed })
  for (const { type, value } of tlvs) {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
    if (type === TLV.securityCounter && value.length === 4) {
      facts.push({ name: 'security-counter', value: String(view.getUint32(0, true)) })
    }
    if (type === TLV.dependency && value.length === 12) {
      const version = `${view.getUint8(4)}.${view.getUint8(5)}.${view.getUint16(6, true)}`
      facts.push({ name: 'needs', value: `image ${view.getUint8(0)} >= ${version}` })
    }
  }
  return facts
}
