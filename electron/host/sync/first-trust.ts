import type { RootPreview } from '../../../shared/contract/trust.ts'
import { AppError } from '../../../shared/errors.ts'
import { sha256Hex } from '../crypto/hash.ts'
import { usableKeys } from '../trust/keys.ts'
import type { TrustLimits } from '../trust/limits.ts'
import type { RootMetadata } from '../trust/root-metadata.ts'
import { TrustedSet } from '../trust/trusted-set.ts'
import type { Fetcher } from './fetcher.ts'
import { metadataUrl, repositoryUrls } from './repository-urls.ts'

export interface FirstTrustOptions {
  readonly url: string
  readonly fetcher: Fetcher
  readonly limits: TrustLimits
  readonly signal: AbortSignal
}

/**
 * The root that a server shows to somebody who trusts nothing yet: its newest, else its first. It proves nothing
 * but that it is signed by its own keys. Throws `sync.*`, `trust.*`.
 */
export async function previewRoot(options: FirstTrustOptions): Promise<RootPreview> {
  const bytes = await shownRoot(options)
  const root = readSelfSigned(bytes, options.limits)
  return {
    url: options.url,
    version: root.version,
    expires: root.expires,
    fingerprint: sha256Hex(bytes),
    rootKeys: usableKeys(root.roles.root, root.ring),
    rootThreshold: root.roles.root.threshold,
  }
}

/**
 * The root with the fingerprint that a person holds: the one that the server shows, or an older one, because a
 * word from the publisher stays good when keys are rotated. Throws `trust.fingerprint-mismatch` when there is none.
 */
export async function rootByFingerprint(options: FirstTrustOptions, fingerprint: string): Promise<Uint8Array> {
  const shown = await shownRoot(options)
  if (sha256Hex(shown) === fingerprint) return shown
  const newest = readSelfSigned(shown, options.limits).version
  const oldest = Math.max(1, newest - options.limits.rootRotations)
  for (let version = newest; version >= oldest; version -= 1) {
    const bytes = await fetchRoot(options, version)
    if (bytes && sha256Hex(bytes) === fingerprint && readSelfSigned(bytes, options.limits)) return bytes
  }
  throw new AppError('trust.fingerprint-mismatch', { detail: { found: sha256Hex(shown) } })
}

async function shownRoot(options: FirstTrustOptions): Promise<Uint8Array> {
  const bytes = (await fetchRoot(options, null)) ?? (await fetchRoot(options, 1))
  if (bytes) return bytes
  throw new AppError('sync.not-a-repository', { detail: { url: options.url.slice(0, 300) } })
}

function fetchRoot({ url, fetcher, limits, signal }: FirstTrustOptions, version: number | null) {
  return fetcher.bytes(metadataUrl(repositoryUrls(url), 'root', version), { maxBytes: limits.rootBytes, signal })
}

function readSelfSigned(bytes: Uint8Array, limits: TrustLimits): RootMetadata {
  return new TrustedSet(bytes, { now: 0, limits }).root
}
