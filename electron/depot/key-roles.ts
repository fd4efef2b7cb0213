import { AppError } from '../../shared/errors.ts'
import {
  DEFAULT_DELTAS,
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
  /** Public halves of keys that were made elsewhere, hex. A role that has any gets no others. */
  readonly publicKeys?: Partial<Record<DepotRole, readonly string[]>>
  /** Days. */
  readonly lifetimes?: Partial<Record<DepotRole, number>>
  readonly artifactBins?: number | null
  /** Releases before the newest from which a delta is made; 0: none. */
  readonly deltas?: number
}

/** Makes every key of a new depot. */
export async function createConfig(
  store: KeyStore,
  choice: KeyChoice & { readonly name: string },
): Promise<DepotConfig> {
  const roles = new Map<DepotRole, RoleConfig>()
  for (const role of ROLES) {
    const brought = choice.publicKeys?.[role] ?? []
    const { keys: wanted, threshold } = choice.roles?.[role] ?? DEFAULT_KEYS[role]
    const count = brought.length > 0 ? brought.length : wanted
    if (count < threshold || new Set(brought).size < brought.length) {
      throw new AppError('depot.missing-keys', { detail: { role, found: new Set(brought).size, needed: threshold } })
    }
    const keys = [...brought]
    while (keys.length < count) keys.push(await store.create())
    roles.set(role, { threshold, keys })
  }
  return {
    format: 'slipway.depot/1',
    name: choice.name,
    roles: Object.fromEntries(roles) as DepotConfig['roles'],
    lifetimes: { ...DEFAULT_LIFETIMES, ...choice.lifetimes },
    artifactBins: choice.artifactBins ?? null,
    deltas: choice.deltas ?? DEFAULT_DELTAS,
  }
}

/** The configuration with a new key in the place of an old one. Throws `depot.unknown-key`. */
export async function rotated(
  config: DepotConfig,
  store: KeyStore,
  {
    role,
    keyid,
    publicKey,
  }: { readonly role: string; readonly keyid: string | null; readonly publicKey: string | null },
): Promise<DepotConfig> {
  if (!isRole(role)) throw new AppError('depot.unknown-key', { detail: { key: role } })
  const { keys } = config.roles[role]
  const old = keyid === null ? keys[0] : keys.find((key) => keyidOf(key) === keyid)
  if (old === undefined) throw new AppError('depot.unknown-key', { detail: { key: keyid } })
  // The same key twice would count twice for whoever counts names and not keys.
  if (publicKey !== null && keys.includes(publicKey)) {
    throw new AppError('depot.duplicate', { detail: { path: keyidOf(publicKey) } })
  }
  const next = publicKey ?? (await store.create())
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
