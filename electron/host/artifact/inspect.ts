import type { ArtifactFacts, ArtifactKind } from '../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'
import { inspectDfu, inspectDfuse } from './dfu/inspect.ts'
import { inspectMcuboot } from './mcuboot/inspect.ts'
import { inspectMender } from './mender/inspect.ts'
import { inspectRauc } from './rauc/inspect.ts'
import { inspectRecords } from './records/inspect.ts'
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
  switch (kind) {
    case 'mcuboot':
      return inspectMcuboot(source, signers)
    case 'swu':
      return inspectSwu(source, signers)
    case 'mender':
      return inspectMender(source, signers)
    case 'rauc':
      return inspectRauc(source, signers)
    case 'dfu':
      return inspectDfu(source, signers)
    case 'dfuse':
      return inspectDfuse(source, signers)
    case 'srec':
    case 'intel-hex':
    case 'uf2':
      return inspectRecords(source, kind, signers)
    case 'raw':
      return { kind, version: null, hardware: [], deviceHash: null, signature: 'none', signer: null, facts: [] }
  }
  return kind satisfies never
}
