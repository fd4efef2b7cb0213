import type { ArtifactFacts, ArtifactKind } from '../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'
import { inspectMcuboot } from './mcuboot/inspect.ts'
import type { ArtifactSource } from './source.ts'
import { inspectSwu } from './swu/inspect.ts'

/**
 * What an artifact's bytes say of themselves, streamed with flat memory. Whether that is good enough is for
 * {@link refusedArtifact} to judge. Throws `artifact.unreadable`, `artifact.corrupt`.
 */
export async function inspect(
  source: ArtifactSource,
  kind: ArtifactKind,
  signers: readonly SignerKey[],
): Promise<ArtifactFacts> {
  // Readers that few consoles need are loaded when they are first used: a start does not wait for them.
  switch (kind) {
    case 'mcuboot':
      return inspectMcuboot(source, signers)
    case 'swu':
      return inspectSwu(source, signers)
    case 'mender':
      return (await import('./mender/inspect.ts')).inspectMender(source, signers)
    case 'rauc':
      return (await import('./rauc/inspect.ts')).inspectRauc(source, signers)
    case 'dfu':
      return (await import('./dfu/inspect.ts')).inspectDfu(source, signers)
    case 'dfuse':
      return (await import('./dfu/inspect.ts')).inspectDfuse(source, signers)
    case 'srec':
    case 'intel-hex':
    case 'uf2':
      return (await import('./records/inspect.ts')).inspectRecords(source, kind, signers)
    case 'raw':
      return { kind, version: null, hardware: [], deviceHash: null, signature: 'none', signer: null, facts: [] }
  }
  return kind satisfies never
}
