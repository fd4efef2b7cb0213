import { AppError } from '../../shared/errors.ts'
import {
  DEFAULT_KEYS,
  DEFAULT_LIFETIMES,
  type DepotConfig,
  type DepotRole,
  isRole,
  keyidOf,
  ROLES,
  type RoleConfig,
} from './config.ts'
import type { KeyStore } from './key-store.ts'

/** What a publisher may choose when a depot is made. */
export interface KeyChoice {
  /** How many keys a role gets and how many must sign. */
  readonly roles?: Partial<Record<DepotRole, { readonly keys: number; readonly threshold: number }>>
  /** Days. */
  readonly lifetimes?: Partial<Record<DepotRole, number>>
  readonly artifactBins?: number | null
}

/** Makes every key of a new depot. */
export async function createConfig(
  store: KeyStore,
  choice: KeyChoice & { readonly name: string },
): Promise<DepotConfig> {
  const roles = new Map<DepotRole, RoleConfig>()
  for (const role of ROLES) {
    const { keys: count, threshold } = choice.roles?.[role] ?? DEFAULT_KEYS[role]
    const keys: string[] = []
    while (keys.length < count) keys.push(await store.create())
    roles.set(role, { threshold, keys })
  }
  return {
    format: 'slipway.depot/1',
    name: choice.name,
    roles: Object.fromEntries(roles) as DepotConfig['roles'],
    lifetimes: { ...DEFAULT_LIFETIMES, ...choice.lifetimes },
    artifactBins: choice.artifactBins ?? null,
  }
}

/** The configuration with a new key in the place of an old one. Throws `depot.unknown-key`. */
export async function rotated(
  config: DepotConfig,
  store: KeyStore,
  role: string,
  keyid: string | null,
): Promise<DepotConfig> {
  if (!isRole(role)) throw new AppError('depot.unknown-key', { detail: { key: role } })
  const { keys } = config.roles[role]
  const old = keyid === null ? keys[0] : keys.find((key) => keyidOf(key) === keyid)
  if (old === undefined) throw new AppError('depot.unknown-key', { detail: { key: keyid } })
  const next = await store.create()
  return withKeys(
    config,
    role,
    keys.map((key) => (key === old ? next : key)),
  )
}

/** The configuration without a key, wherever it was. Throws `depot.unknown-key`, `depot.missing-keys`. */
export function revoked(config: DepotConfig, keyid: string): DepotConfig {
  const affected = ROLES.filter((role) => config.roles[role].keys.some((key) => keyidOf(key) === keyid))
  if (affected.length === 0) throw new AppError('depot.unknown-key', { detail: { key: keyid } })
  return affected.reduce((next, role) => {
    const keys = next.roles[role].keys.filter((key) => keyidOf(key) !== keyid)
    const { threshold } = next.roles[role]
    if (keys.length < threshold) {
      throw new AppError('depot.missing-keys', { detail: { role, found: keys.length, needed: threshold } })
    }
    return withKeys(next, role, keys)
  }, config)
}

function withKeys(config: DepotConfig, role: DepotRole, keys: string[]): DepotConfig {
  return { ...config, roles: { ...config.roles, [role]: { ...config.roles[role], keys } } }
}
