import type { ArtifactFacts } from '../../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../../shared/model/profile.ts'
import { hashHex } from '../../crypto/hash.ts'
import { verifyRsaPkcs1, verifyRsaPss } from '../../crypto/rsa.ts'

export interface SwuVerdict {
  readonly kind: 'none' | 'CMS' | 'RSA'
  readonly verdict: Pick<ArtifactFacts, 'signature' | 'signer'>
}

/** No signature file is longer, certificates and all. */
export const MAX_SWU_SIGNATURE = 256 * 1024

/**
 * The signature over `sw-description`, which binds every file by its hash: CMS, or plain RSA in builds of SWUpdate
 * without it (PKCS#1 v1.5 or PSS, SHA-256).
 */
export async function swuSignature(
  description: Uint8Array,
  signature: Uint8Array | null,
  signers: readonly SignerKey[],
): Promise<SwuVerdict> {
  if (!signature) return { kind: 'none', verdict: { signature: 'none', signer: null } }
  const { readCms } = await import('../../crypto/cms.ts')
  const cms = readCms(signature)
  const kind = cms ? 'CMS' : 'RSA'
  if (signers.length === 0) return { kind, verdict: { signature: 'not-checked', signer: null } }
  if (!cms) return { kind, verdict: rsaVerdict(description, signature, signers) }
  const verdict = cms.verify(
    { whole: description, digest: (algorithm) => new Uint8Array(Buffer.from(hashHex(algorithm, description), 'hex')) },
    signers.filter(({ algorithm }) => algorithm === 'cms'),
  )
  // A message with content of its own is a signature over that, whatever stands beside it.
  return { kind, verdict: cms.content ? { signature: 'bad', signer: null } : verdict }
}

function rsaVerdict(
  description: Uint8Array,
  signature: Uint8Array,
  signers: readonly SignerKey[],
): SwuVerdict['verdict'] {
  const keys = signers.filter(({ algorithm }) => algorithm.startsWith('rsa'))
  const good = keys.find(({ algorithm, pem }) =>
    algorithm === 'rsa-pkcs1' ? verifyRsaPkcs1(pem, description, signature) : verifyRsaPss(pem, description, signature),
  )
  if (good) return { signature: 'good', signer: good.id }
  return { signature: keys.length === 0 ? 'unknown-signer' : 'bad', signer: null }
}
