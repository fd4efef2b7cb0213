import { type Envelope, readEnvelope } from './envelope.ts'
import { type KeyRing, type RoleKeys, readKeyRing, readRoleKeys } from './keys.ts'
import type { TrustLimits } from './limits.ts'

export const TOP_ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const
export type TopRole = (typeof TOP_ROLES)[number]

export function isTopRole(name: string): name is TopRole {
  return (TOP_ROLES as readonly string[]).includes(name)
}

/** TUF 4.3. */
export interface RootMetadata extends Envelope {
  readonly ring: KeyRing
  readonly roles: Readonly<Record<TopRole, RoleKeys>>
  /** File names carry versions and hashes, so that a reader never sees half of a new state (TUF 6.2). */
  readonly consistentSnapshot: boolean
}

export function readRoot(bytes: Uint8Array, limits: TrustLimits): RootMetadata {
  const envelope = readEnvelope(bytes, 'root', 'root', limits)
  const roles = envelope.signed.object('roles')
  return {
    ...envelope,
    ring: readKeyRing(envelope.signed.object('keys')),
    roles: {
      root: readRoleKeys(roles.object('root')),
      timestamp: readRoleKeys(roles.object('timestamp')),
      snapshot: readRoleKeys(roles.object('snapshot')),
      targets: readRoleKeys(roles.object('targets')),
    },
    consistentSnapshot: envelope.signed.has('consistent_snapshot') && envelope.signed.bool('consistent_snapshot'),
  }
}
