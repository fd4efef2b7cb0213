import { type KeyRing, type RoleKeys, usableKeys } from './keys.ts'
import type { RoleFacts } from './library.ts'
import { TOP_ROLES } from './root-metadata.ts'
import type { TrustedSet } from './trusted-set.ts'

/** Every role of a trusted state, for people and for the question how long it lasts. */
export function roleFacts(set: TrustedSet): readonly RoleFacts[] {
  const { root, timestamp, snapshot } = set
  const targets = set.targets({ role: 'targets', delegator: 'root' })
  const metadata = { root, timestamp, snapshot, targets }
  const top = TOP_ROLES.map((name) => facts(name, metadata[name], root.roles[name], root.ring))
  const delegated = set.loadedTargets().map(({ step, metadata }) => {
    const { keys, ring } = set.roleKeys(step)
    return step.delegator === 'root' ? [] : facts(step.role, metadata, keys, ring)
  })
  return [...top, ...delegated].flat()
}

function facts(
  name: string,
  metadata: { readonly version: number; readonly expires: number } | null,
  keys: RoleKeys,
  ring: KeyRing,
): RoleFacts[] {
  if (!metadata) return []
  const { version, expires } = metadata
  return [{ name, version, expires, threshold: keys.threshold, keys: usableKeys(keys, ring) }]
}
