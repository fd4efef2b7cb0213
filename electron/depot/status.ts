import { DELEGATED, type DepotConfig, type DepotRole, keyidOf, ROLES } from './config.ts'
import type { Content } from './content.ts'
import type { Published } from './published.ts'

export interface RoleStatus {
  readonly role: DepotRole
  readonly threshold: number
  readonly keys: readonly { readonly keyid: string; readonly here: boolean }[]
  /** Of the published file; null before the first publication. */
  readonly version: number | null
  /** ms since 1970 */
  readonly expires: number | null
}

/** What a publisher wants to see at a glance. */
export interface DepotStatus {
  readonly name: string
  readonly roles: readonly RoleStatus[]
  /** What ends first of all that is published, ms. */
  readonly lastsUntil: number | null
  /** Target paths that are not published yet, or differ. */
  readonly unpublished: readonly string[]
}

export async function depotStatus(parts: {
  config: DepotConfig
  published: Published | null
  content: Content
  here: ReadonlySet<string>
  now: number
}): Promise<DepotStatus> {
  const { config, published, content, here } = parts
  const fileOf = (role: DepotRole) => {
    if (!published) return null
    if (role === 'root' || role === 'timestamp' || role === 'snapshot') return published[role]
    return published.roles.get(role) ?? null
  }
  const roles = ROLES.map((role): RoleStatus => {
    const { threshold, keys } = config.roles[role]
    const file = fileOf(role)
    return {
      role,
      threshold,
      keys: keys.map((key) => ({ keyid: keyidOf(key), here: here.has(keyidOf(key)) })),
      version: file?.version ?? null,
      expires: file?.expires ?? null,
    }
  })
  const ends = roles.flatMap(({ expires }) => expires ?? [])
  const signed = publishedTargets(published)
  const unpublished: string[] = []
  for (const role of DELEGATED) {
    for (const { path, sha256 } of await content.filesOf(role)) {
      if (signed.get(path) !== sha256) unpublished.push(path)
      signed.delete(path)
    }
  }
  return {
    name: config.name,
    roles,
    lastsUntil: ends.length > 0 ? Math.min(...ends) : null,
    unpublished: [...unpublished, ...signed.keys()].toSorted(),
  }
}

function publishedTargets(published: Published | null): Map<string, string> {
  const targets = new Map<string, string>()
  for (const { content } of published?.roles.values() ?? []) {
    const { targets: signed } = JSON.parse(content) as { targets: Record<string, { hashes: { sha256: string } }> }
    for (const [path, { hashes }] of Object.entries(signed)) targets.set(path, hashes.sha256)
  }
  return targets
}
