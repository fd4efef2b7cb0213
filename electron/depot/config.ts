import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { Prose } from '../../shared/model/text.ts'
import { canonicalBytes } from '../host/crypto/canonical-json.ts'
import { sha256Hex } from '../host/crypto/hash.ts'
import { readFileIfAny, writeFileDurably } from './files.ts'
import type { DepotLayout } from './layout.ts'

export const DELEGATED = ['policy', 'sites', 'plans', 'artifacts'] as const
export const ROLES = ['root', 'targets', 'snapshot', 'timestamp', ...DELEGATED] as const
export type DepotRole = (typeof ROLES)[number]
export type DelegatedRole = (typeof DELEGATED)[number]

export function isRole(name: string): name is DepotRole {
  return (ROLES as readonly string[]).includes(name)
}

/** What each delegated role may speak for (DESIGN 4). */
export const PATHS: Readonly<Record<DelegatedRole, readonly string[]>> = {
  policy: ['policy/*', 'profiles/*'],
  sites: ['sites/*'],
  plans: ['plans/*'],
  artifacts: ['artifacts/*', 'artifacts/*/*', 'sbom/*', 'known-issues/*'],
}

const RoleConfig = z.strictObject({
  threshold: z.int().min(1).max(16),
  /** Ed25519 public keys, hex. */
  keys: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .min(1)
    .max(16),
})
export type RoleConfig = z.infer<typeof RoleConfig>

/** Releases before the newest that a device in the field usually has (TRUST-AND-SYNC D2). */
export const DEFAULT_DELTAS = 3

/** Days for which a signature of the role is good. */
const days = z.number().positive().max(3660)

/** `depot.json`: what the publisher wants; what consoles hold it to is in the signed root. */
export const DepotConfig = z.strictObject({
  format: z.literal('slipway.depot/1'),
  name: Prose.max(100),
  roles: z.record(z.enum(ROLES), RoleConfig),
  lifetimes: z.record(z.enum(ROLES), days),
  /** Splits the artifacts role into 2^n hash bins (TAP 15); null: one list. Sensible above a few thousand artifacts. */
  artifactBins: z.int().min(1).max(14).nullable(),
  /** Releases before the newest from which a delta is made; 0: artifacts are only published whole. */
  deltas: z.int().min(0).max(16).default(DEFAULT_DELTAS),
})
export type DepotConfig = z.infer<typeof DepotConfig>

/** How many keys each role gets and how many must sign, unless the publisher says otherwise (DESIGN 4). */
export const DEFAULT_KEYS: Readonly<Record<DepotRole, { readonly keys: number; readonly threshold: number }>> = {
  root: { keys: 3, threshold: 2 },
  targets: { keys: 1, threshold: 1 },
  snapshot: { keys: 1, threshold: 1 },
  timestamp: { keys: 1, threshold: 1 },
  policy: { keys: 3, threshold: 2 },
  sites: { keys: 1, threshold: 1 },
  plans: { keys: 1, threshold: 1 },
  artifacts: { keys: 1, threshold: 1 },
}

/** TRUST-AND-SYNC A3: what is signed offline lasts for months, what a server signs for days. */
export const DEFAULT_LIFETIMES: DepotConfig['lifetimes'] = {
  root: 365,
  targets: 365,
  policy: 365,
  sites: 365,
  plans: 365,
  artifacts: 365,
  snapshot: 7,
  timestamp: 1,
}

/** A public key as metadata writes it. */
export function keyObject(publicKey: string) {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: publicKey } } as const
}

/** Derived as securesystemslib derives it, so that other TUF tools know our keys by the same name. */
export function keyidOf(publicKey: string): string {
  return sha256Hex(canonicalBytes(keyObject(publicKey)))
}

/** Throws `depot.not-a-depot`. */
export async function readConfig(layout: DepotLayout): Promise<DepotConfig> {
  const bytes = await readFileIfAny(layout.config)
  const parsed = bytes && DepotConfig.safeParse(parseOrNull(bytes.toString('utf8')))
  if (!parsed?.success) throw new AppError('depot.not-a-depot', { detail: { path: layout.dir } })
  return parsed.data
}

export async function writeConfig(layout: DepotLayout, config: DepotConfig): Promise<void> {
  await writeFileDurably(layout.config, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
