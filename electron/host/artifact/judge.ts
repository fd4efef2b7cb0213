import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'

export interface Expected {
  /** What the plan or the signed target says the file is; null: nobody said. */
  readonly version: string | null
  readonly signers: readonly SignerKey[]
}

/**
 * Why an artifact must not be installed although the repository vouches for it, or null. A profile that names
 * signers asks for the inner signature too: a repository alone must not be able to replace firmware. A slot trailer
 * in the file is for the plan to allow, which is not looked at here.
 */
export function refusedArtifact(facts: ArtifactFacts, expected: Expected): ErrorData | null {
  if (facts.version !== null && expected.version !== null && facts.version !== expected.version) {
    const detail = { found: facts.version, expected: expected.version }
    return new AppError('artifact.version-mismatch', { detail }).toData()
  }
  if (expected.signers.length === 0 || facts.signature === 'good') return null
  const detail = { signature: facts.signature }
  return new AppError(facts.signature === 'none' ? 'artifact.unsigned' : 'artifact.bad-signature', { detail }).toData()
}
