import { type Delegations, readDelegations } from './delegations.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { type Hashes, readHashes } from './file-facts.ts'
import type { JsonValue } from './json.ts'
import type { TrustLimits } from './limits.ts'

/** TUF 4.5: what a role says of one file. */
export interface TargetFacts {
  readonly length: number
  readonly hashes: Hashes
  readonly custom: JsonValue
}

/** TUF 4.5: the top-level targets role or a delegated one. */
export interface TargetsMetadata extends Envelope {
  readonly targets: ReadonlyMap<string, TargetFacts>
  readonly delegations: Delegations | null
}

export function readTargets(bytes: Uint8Array, role: string, limits: TrustLimits): TargetsMetadata {
  const envelope = readEnvelope(bytes, 'targets', role, limits)
  const { signed } = envelope
  return {
    ...envelope,
    targets: signed.object('targets').map((facts) => ({
      length: facts.int('length', 0),
      hashes: readHashes(facts.object('hashes')),
      custom: facts.raw('custom') ?? null,
    })),
    delegations: signed.has('delegations') ? readDelegations(signed.object('delegations')) : null,
  }
}
