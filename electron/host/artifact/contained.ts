import { isAppError } from '../../../shared/errors.ts'
import type { ArtifactFacts } from '../../../shared/model/artifact.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'
import { isMcuboot } from './mcuboot/header.ts'
import { inspectMcuboot } from './mcuboot/inspect.ts'
import type { ArtifactSource } from './source.ts'

/** What the contents of a mere wrapping (DFU, hex) say of themselves. */
export type Contained = Pick<
  ArtifactFacts,
  'version' | 'hardware' | 'deviceHash' | 'signature' | 'signer' | 'trailer' | 'facts'
>

const SAYS_NOTHING: Contained = {
  version: null,
  hardware: [],
  deviceHash: null,
  signature: 'none',
  signer: null,
  facts: [],
}

/**
 * The wrapped bytes, when they are a kind that carries its own version and signature. A format that only carries
 * bytes adds no proof of its own. Throws `artifact.corrupt`.
 */
export async function containedFacts(source: ArtifactSource | null, signers: readonly SignerKey[]): Promise<Contained> {
  if (!source || !(await isMcuboot(source))) return SAYS_NOTHING
  try {
    const { kind, ...facts } = await inspectMcuboot(source, signers)
    return { ...facts, facts: [{ name: 'contains', value: kind }, ...facts.facts] }
  } catch (error) {
    if (!isAppError(error, 'artifact.unreadable')) throw error
    // A dump of flash may start with an image and go on with anything.
    return { ...SAYS_NOTHING, facts: [{ name: 'unread', value: `mcuboot: ${error.detail.reason}` }] }
  }
}
