import type { ArtifactFacts, ArtifactKind } from '../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'
import { inspectMcuboot } from './mcuboot/inspect.ts'
import type { ArtifactSource } from './source.ts'
import { inspectSwu } from './swu/inspect.ts'

/**
 * What an artifact's bytes say of themselves, streamed with flat memory. Whether that is good enough is for
 * {@link refusedArtifact} to judge. Throws `artifact.unreadable`, `artifact.corrupt`, `artifact.padded`.
 */
export async function inspect(
  source: ArtifactSource,
  kind: ArtifactKind,
  signers: readonly SignerKey[],
): Promise<ArtifactFacts> {
  switch (kind) {
    case 'mcuboot':
      return inspectMcuboot(source, signers)
    case 'swu':
      return inspectSwu(source)
    case 'raw':
      return { kind, version: null, hardware: [], deviceHash: null, signature: 'none', signer: null, facts: [] }
  }
  return kind satisfies never
}
