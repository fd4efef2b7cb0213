import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'

export interface Expected {
  /** What the plan or the signed target says the file is. */
  readonly version: string
  readonly signers: readonly SignerKey[]
}

/**
 * Why an artifact must not be installed although the repository vouches for it, or null. A profile that names
 * signers asks for the inner signature too: a repository alone must not be able to replace firmware.
 */
export function refusedArtifact(facts: ArtifactFacts, expected: Expected): ErrorData | null {
  if (facts.version !== null && facts.version !== expected.version) {
    const detail = { found: facts.version, expected: expected.version }
    return new AppError('artifact.version-mismatch', { detail }).toData()
  }
  const judged = expected.signers.some(({ algorithm }) => (algorithm === 'cms') === (facts.kind === 'swu'))
  if (!judged || facts.signature === 'good') return null
  // A CMS signature is judged by the device; that there is one can be asked here.
  if (facts.signature === 'not-checked' && facts.kind === 'swu') return null
  const detail = { signature: facts.signature }
  return new AppError(facts.signature === 'none' ? 'artifact.unsigned' : 'artifact.bad-signature', { detail }).toData()
}
