import type { Steps } from '../../../shared/steps.ts'
import { type Delegations, readDelegations } from './delegations.ts'
import { type Envelope, envelopeSteps } from './envelope.ts'
import { type Hashes, readHashes } from './file-facts.ts'
import type { JsonValue } from './json.ts'
import type { TrustLimits } from './limits.ts'

/** TUF 4.5: what a role says of one file. */
export interface TargetFacts {
  readonly length: number
  readonly hashes: Hashes
  readonly custom: JsonValue
}

/** TUF 4.5: the top-level targets role or a delegated one. Without what it was read from: there may be many targets. */
export interface TargetsMetadata extends Omit<Envelope, 'signed'> {
  readonly targets: ReadonlyMap<string, TargetFacts>
  readonly delegations: Delegations | null
}

/** In steps: with many targets it takes longer than a screen should wait. */
export function* targetsSteps(bytes: Uint8Array, role: string, limits: TrustLimits): Steps<TargetsMetadata> {
  const { signed, ...envelope } = yield* envelopeSteps(bytes, 'targets', role, limits)
  return {
    ...envelope,
    targets: yield* signed.object('targets').mapSteps((facts) => ({
      length: facts.int('length', 0),
      hashes: readHashes(facts.object('hashes')),
      custom: facts.raw('custom') ?? null,
    })),
    delegations: signed.has('delegations') ? readDelegations(signed.object('delegations')) : null,
  }
}
