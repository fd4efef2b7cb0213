import type { ArtifactFact, ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import type { CmsMessage } from '../../crypto/cms.ts'
import { type ContentHash, createHasher, hashHex } from '../../crypto/hash.ts'
import { type ArtifactSource, corrupt, readExactly, sliceSource, stretch, unreadable } from '../source.ts'
import { canUnpack } from '../squashfs/blocks.ts'
import { readRootFile } from '../squashfs/read-file.ts'
import { isSquashfs, readSuperblock } from '../squashfs/superblock.ts'
import { MAX_RAUC_MANIFEST, parseRaucManifest, type RaucManifest } from './manifest.ts'
import { verityRoot } from './verity.ts'

/** Big-endian length of the CMS signature, at the very end. */
const LENGTH_SIZE = 8
const MANIFEST = 'manifest.raucm'

interface Bundle {
  readonly content: ArtifactSource
  readonly cms: CmsMessage
}

/**
 * Reads a RAUC bundle. `plain`: the signature is over the whole file system; `verity` and `crypt`: over the manifest,
 * whose hash tree is over the file system. Throws `artifact.unreadable`, `artifact.corrupt`.
 */
export async function inspectRauc(source: ArtifactSource, signers: readonly SignerKey[]): Promise<ArtifactFacts> {
  const { content, cms } = await openBundle(source)
  const { compressor } = await readSuperblockOf(content, cms)
  const manifest = cms.content ? parseManifest(cms.content) : await innerManifest(content, compressor)
  if (manifest && (manifest.format === 'plain') !== (cms.content === null)) throw unreadable('bundle-format')
  if (manifest?.verity) await checkTree(content, manifest.verity)
  const trusted = signers.filter(({ algorithm }) => algorithm === 'cms')
  const hashes = cms.content || trusted.length === 0 ? new Map() : await hashesOf(content, cms.hashes)
  const verdict =
    signers.length === 0
      ? { signature: 'not-checked' as const, signer: null }
      : cms.verify(
          {
            whole: cms.content,
            digest: (algorithm) =>
              new Uint8Array(
                Buffer.from(cms.content ? hashHex(algorithm, cms.content) : (hashes.get(algorithm) ?? ''), 'hex'),
              ),
          },
          trusted,
        )
  return {
    kind: 'rauc',
    version: manifest?.version ?? null,
    hardware: manifest ? [manifest.compatible] : [],
    deviceHash: null,
    ...verdict,
    facts: factsOf(manifest, compressor),
  }
}

async function openBundle(source: ArtifactSource): Promise<Bundle> {
  const { MAX_CMS, readCms } = await import('../../crypto/cms.ts')
  const tail = Buffer.from(await readExactly(source, Math.max(0, source.length - LENGTH_SIZE), LENGTH_SIZE))
  const size = tail.readBigUInt64BE(0)
  const end = source.length - LENGTH_SIZE - Number(size)
  if (size === 0n || size > BigInt(MAX_CMS) || end <= 0) throw unreadable('no-bundle-signature')
  const cms = readCms(await readExactly(source, end, Number(size)))
  if (!cms) throw unreadable('no-bundle-signature')
  return { content: sliceSource(source, 0, end), cms }
}

/** An encrypted file system has no readable start; all others must. */
async function readSuperblockOf(content: ArtifactSource, cms: CmsMessage) {
  if (cms.content && !(await isSquashfs(content))) return { compressor: 'none' as const }
  return await readSuperblock(content)
}

async function innerManifest(content: ArtifactSource, compressor: string): Promise<RaucManifest | null> {
  if (!canUnpack(compressor as Parameters<typeof canUnpack>[0])) return null
  const bytes = await readRootFile(content, MANIFEST, MAX_RAUC_MANIFEST)
  if (!bytes) throw unreadable('file-missing', { file: MANIFEST })
  return parseManifest(bytes)
}

function parseManifest(bytes: Uint8Array): RaucManifest {
  if (bytes.length > MAX_RAUC_MANIFEST) throw unreadable('too-large', { length: bytes.length })
  return parseRaucManifest(Buffer.from(bytes).toString('utf8'))
}

async function checkTree(content: ArtifactSource, verity: NonNullable<RaucManifest['verity']>): Promise<void> {
  const data = content.length - verity.size
  if (data <= 0) throw unreadable('verity-size')
  const root = await verityRoot(stretch(content, 0, data), Buffer.from(verity.salt, 'hex'))
  if (Buffer.from(root).toString('hex') !== verity.hash) throw corrupt('rauc')
}

async function hashesOf(content: ArtifactSource, algorithms: readonly ContentHash[]) {
  const hashers = algorithms.map((algorithm) => [algorithm, createHasher(algorithm)] as const)
  for await (const block of stretch(content, 0, content.length)) {
    for (const [, hasher] of hashers) hasher.update(block)
  }
  return new Map(hashers.map(([algorithm, hasher]) => [algorithm, hasher.hex()] as const))
}

function factsOf(manifest: RaucManifest | null, compressor: string): ArtifactFact[] {
  const compression: ArtifactFact = { name: 'compression', value: compressor }
  if (!manifest) return [compression, { name: 'unread', value: MANIFEST }, { name: 'signature-kind', value: 'CMS' }]
  const { description, build, format, images, hooks } = manifest
  return [
    ...(description ? [{ name: 'description' as const, value: description.slice(0, 200) }] : []),
    ...(build ? [{ name: 'build' as const, value: build }] : []),
    { name: 'format', value: `RAUC ${format}` },
    compression,
    { name: 'signature-kind', value: 'CMS' },
    ...images.map(({ slotClass, filename, size }) => ({
      name: 'image' as const,
      value: `${slotClass}: ${filename}${size === null ? '' : ` (${size} B)`}`,
    })),
    ...(hooks ? [{ name: 'hook' as const, value: hooks }] : []),
  ]
}
