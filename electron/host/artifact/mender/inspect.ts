import type { ArtifactFact, ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import { createHasher, type Hasher, sha256Hex } from '../../crypto/hash.ts'
import { type ArtifactSource, corrupt, stretch, unreadable } from '../source.ts'
import { canRead, compressionOf, decompressed } from './compression.ts'
import { MAX_HEADER, type MenderHeader, readHeader } from './header.ts'
import { type Manifest, parseManifest, parseSignature, verifyManifest } from './manifest.ts'
import { readTar, type TarEntry } from './tar.ts'

const MAX_MANIFEST = 1024 * 1024
const MAX_SIGNATURE = 16 * 1024
const MAX_SHOWN = 50
const VERSION = 3
/** The client refuses other names of payload files, and so does this. */
const PAYLOAD_NAME = /^[A-Za-z0-9_.,-]+$/

/**
 * Reads a Mender artifact, format 3, from front to back: each member in its place, the signature over the manifest,
 * and every file against the manifest. Throws `artifact.unreadable`, `artifact.corrupt`.
 */
export async function inspectMender(source: ArtifactSource, signers: readonly SignerKey[]): Promise<ArtifactFacts> {
  const reader = new MenderReader(signers)
  for await (const entry of readTar(stretch(source, 0, source.length))) await reader.take(entry)
  return reader.end()
}

class MenderReader {
  readonly #signers: readonly SignerKey[]
  #manifest: Manifest | null = null
  #manifestBytes: Uint8Array = new Uint8Array()
  #versionHash = ''
  #signature: Pick<ArtifactFacts, 'signature' | 'signer'> = { signature: 'none', signer: null }
  #header: MenderHeader | null = null
  #headerSeen = false
  #payloads = 0
  /** What of the manifest was seen and was right. */
  readonly #seen = new Set<string>()
  readonly #facts: ArtifactFact[] = []
  readonly #unread: ArtifactFact[] = []

  constructor(signers: readonly SignerKey[]) {
    this.#signers = signers
  }

  /** Members come in one order only (artifact format, "order of members"). */
  async take(entry: TarEntry): Promise<void> {
    const { name } = entry
    if (this.#versionHash === '') return await this.#takeVersion(entry)
    if (!this.#manifest) return await this.#takeManifest(entry)
    if (name === 'manifest.sig' && !this.#headerSeen && this.#signature.signature === 'none') {
      return await this.#takeSignature(entry)
    }
    // Parts that nobody signed: a console that proves what it installs has no use for them.
    if (/^(?:manifest|header)-augment/.test(name)) throw unreadable('augmented', { name })
    if (/^header\.tar(?:\.\w+)?$/.test(name) && !this.#headerSeen) return await this.#takeHeader(entry)
    const number = /^data\/(\d{4})\.tar(?:\.\w+)?$/.exec(name)?.[1]
    if (number === undefined || !this.#headerSeen || Number(number) !== this.#payloads) {
      throw unreadable('member-order', { name })
    }
    await this.#takeData(entry, number)
  }

  end(): ArtifactFacts {
    const manifest = this.#manifest
    if (!manifest || !this.#headerSeen) throw unreadable('member-missing', { name: 'header.tar' })
    const readable = this.#unread.length === 0
    const missing = [...manifest.keys()].find((name) => !this.#seen.has(name))
    if (missing !== undefined && readable) throw unreadable('file-missing', { file: missing })
    if (this.#header && this.#payloads !== this.#header.payloadTypes.filter((type) => type !== null).length) {
      throw unreadable('payload-count', { found: this.#payloads })
    }
    return {
      kind: 'mender',
      version: this.#header?.name ?? null,
      hardware: [...(this.#header?.deviceTypes ?? [])],
      deviceHash: null,
      ...this.#signature,
      facts: [...(this.#header?.facts ?? []), ...this.#facts, ...this.#unread].slice(0, 4 * MAX_SHOWN),
    }
  }

  async #takeVersion(entry: TarEntry): Promise<void> {
    if (entry.name !== 'version') throw unreadable('not-mender', { name: entry.name })
    const bytes = await small(entry, 1024)
    let found: unknown
    try {
      found = JSON.parse(Buffer.from(bytes).toString('utf8'))
    } catch {
      throw unreadable('not-mender')
    }
    const { format, version } = (found ?? {}) as { format?: unknown; version?: unknown }
    if (format !== 'mender') throw unreadable('not-mender')
    if (version !== VERSION) throw unreadable('mender-version', { version: String(version) })
    this.#versionHash = sha256Hex(bytes)
    this.#facts.push({ name: 'format', value: `Mender ${VERSION}` })
  }

  async #takeManifest(entry: TarEntry): Promise<void> {
    if (entry.name !== 'manifest') throw unreadable('member-order', { name: entry.name })
    this.#manifestBytes = await small(entry, MAX_MANIFEST)
    this.#manifest = parseManifest(Buffer.from(this.#manifestBytes).toString('utf8'))
    this.#prove('version', this.#versionHash)
  }

  async #takeSignature(entry: TarEntry): Promise<void> {
    const signature = parseSignature(Buffer.from(await small(entry, MAX_SIGNATURE)).toString('latin1'))
    if (!signature) throw unreadable('signature')
    this.#signature =
      this.#signers.length === 0
        ? { signature: 'not-checked', signer: null }
        : verifyManifest(this.#manifestBytes, signature, this.#signers)
    this.#facts.push({ name: 'signature-kind', value: signature.length < 80 ? 'ECDSA P-256' : 'RSA PKCS#1 v1.5' })
  }

  async #takeHeader({ name, bytes }: TarEntry): Promise<void> {
    const compression = compressionOf(name)
    if (!compression) throw unreadable('compression', { name })
    const hasher = createHasher()
    const hashed = tapped(bytes, hasher)
    if (canRead(compression)) this.#header = await readHeader(decompressed(hashed, compression, MAX_HEADER))
    else this.#unread.push({ name: 'unread', value: name })
    // The last compressed bytes may be of no use to what is inside; they count all the same.
    for await (const _ of hashed);
    this.#prove(name, hasher.hex())
    this.#headerSeen = true
  }

  async #takeData({ name, bytes }: TarEntry, number: string): Promise<void> {
    this.#payloads += 1
    const compression = compressionOf(name)
    if (!compression) throw unreadable('compression', { name })
    if (!canRead(compression)) {
      this.#unread.push({ name: 'unread', value: name })
      return
    }
    for await (const file of readTar(decompressed(bytes, compression))) {
      if (!PAYLOAD_NAME.test(file.name)) throw unreadable('payload-name', { name: file.name })
      const hasher = createHasher()
      for await (const part of file.bytes) hasher.update(part)
      this.#prove(`data/${number}/${file.name}`, hasher.hex())
      if (this.#facts.length < MAX_SHOWN) this.#facts.push({ name: 'file', value: `${file.name} (${file.size} B)` })
    }
  }

  #prove(name: string, hash: string): void {
    const expected = this.#manifest?.get(name)
    if (expected === undefined || this.#seen.has(name)) throw unreadable('not-in-manifest', { name })
    if (expected !== hash) throw corrupt('mender', { file: name })
    this.#seen.add(name)
  }
}

async function small({ bytes, size, name }: TarEntry, limit: number): Promise<Uint8Array> {
  if (size > limit) throw unreadable('member-too-long', { name })
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

async function* tapped(bytes: AsyncIterable<Uint8Array>, hasher: Hasher): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    hasher.update(part)
    yield part
  }
}
