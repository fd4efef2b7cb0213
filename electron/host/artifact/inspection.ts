import type { TypeVerdict } from '../../../shared/contract/artifacts.ts'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { ArtifactFacts, ArtifactKind } from '../../../shared/model/artifact.ts'
import { takesKind } from '../../../shared/model/driver-kinds.ts'
import type { Profile, SignerKey } from '../../../shared/model/profile.ts'
import { createHasher } from '../crypto/hash.ts'
import { identify } from './identify.ts'
import { inspect } from './inspect.ts'
import { refusedArtifact } from './judge.ts'
import { type ArtifactSource, stretch } from './source.ts'

/** What a file is, before anything is asked of metadata. */
export interface Explained {
  readonly sha256: string
  readonly kind: ArtifactKind
  readonly facts: ArtifactFacts | null
  readonly trouble: ErrorData | null
}

/** Reads a file of which nothing is known. `claimed`: what somebody signed it to be. Throws what the source throws. */
export async function explain(
  source: ArtifactSource,
  signers: readonly SignerKey[],
  claimed: ArtifactKind | null = null,
): Promise<Explained> {
  const hasher = createHasher()
  for await (const block of stretch(source, 0, source.length)) hasher.update(block)
  const sha256 = hasher.hex()
  const kind = claimed ?? (await identify(source))
  try {
    return { sha256, kind, facts: await inspect(source, kind, signers), trouble: null }
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('artifact.')) {
      return { sha256, kind, facts: null, trouble: toErrorData(error) }
    }
    throw error
  }
}

/** What each type of device that takes such files would make of this one. A file in trouble is for none. */
export async function typeVerdicts(
  source: ArtifactSource,
  { kind, facts }: Explained,
  profiles: readonly Profile[],
): Promise<TypeVerdict[]> {
  if (!facts) return []
  // Many types share their keys: the file is read once for each set of keys.
  const bySigners = new Map<string, Promise<ArtifactFacts>>()
  const verdicts: TypeVerdict[] = []
  for (const { type, title, signers, drivers } of profiles) {
    if (!takesKind(drivers, kind)) continue
    const keys = JSON.stringify(signers)
    const read = bySigners.get(keys) ?? (signers.length === 0 ? Promise.resolve(facts) : inspect(source, kind, signers))
    bySigners.set(keys, read)
    const seen = await read
    const refused = refusedArtifact(seen, { version: null, signers })
    verdicts.push({ type, title, signature: seen.signature, signer: seen.signer, refused })
  }
  return verdicts
}
