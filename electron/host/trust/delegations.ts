import { sha256, sha256Hex } from '../crypto/hash.ts'
import { Fields } from './fields.ts'
import { type KeyRing, type RoleKeys, readKeyRing, readRoleKeys } from './keys.ts'
import { matchesPattern } from './path-pattern.ts'
import { isTopRole } from './root-metadata.ts'

/** TUF 4.5: one role that may speak for some paths. */
export interface DelegatedRole extends RoleKeys {
  readonly name: string
  /** When it covers a path, no role after it is asked. */
  readonly terminating: boolean
  covers(path: string): boolean
}

/** What one targets role delegates, in order of priority. */
export interface Delegations {
  readonly ring: KeyRing
  /** Roles that cover the path, in order. */
  covering(path: string): readonly DelegatedRole[]
  /** The role of that name, whatever the path. */
  role(name: string): DelegatedRole | null
  /** Roles that are listed by name. Hash bins are not: there may be thousands, each found by its path. */
  readonly listed: readonly DelegatedRole[]
}

export function readDelegations(fields: Fields): Delegations {
  const ring = readKeyRing(fields.object('keys'))
  if (fields.has('roles') === fields.has('succinct_roles')) throw fields.refuse('roles')
  return fields.has('roles') ? listed(ring, fields) : bins(ring, fields.object('succinct_roles'))
}

function listed(ring: KeyRing, fields: Fields): Delegations {
  const roles = fields.list('roles').map((role) => readRole(new Fields(role, 'delegations')))
  const byName = new Map(roles.map((role) => [role.name, role]))
  if (byName.size !== roles.length) throw fields.refuse('roles')
  return {
    ring,
    covering: (path) => roles.filter((role) => role.covers(path)),
    role: (name) => byName.get(name) ?? null,
    listed: roles,
  }
}

function readRole(role: Fields): DelegatedRole {
  const name = role.text('name')
  if (name === '' || isTopRole(name)) throw role.refuse('name')
  if (role.has('paths') === role.has('path_hash_prefixes')) throw role.refuse('paths')
  return { name, terminating: role.bool('terminating'), ...readRoleKeys(role), covers: readPaths(role) }
}

function readPaths(role: Fields): (path: string) => boolean {
  if (role.has('paths')) {
    const patterns = role.texts('paths')
    return (path) => patterns.some((pattern) => matchesPattern(path, pattern))
  }
  const prefixes = role.texts('path_hash_prefixes')
  return (path) => {
    const hash = sha256Hex(path)
    return prefixes.some((prefix) => hash.startsWith(prefix))
  }
}

/** TAP 15: 2^n roles with the same keys, each for the paths whose SHA-256 begins with its n bits. */
function bins(ring: KeyRing, fields: Fields): Delegations {
  const bits = fields.int('bit_length', 1)
  if (bits > 32) throw fields.refuse('bit_length')
  const prefix = fields.text('name_prefix')
  const keys = readRoleKeys(fields)
  const digits = (2 ** bits - 1).toString(16).length
  const role = (index: number): DelegatedRole => ({
    name: `${prefix}-${index.toString(16).padStart(digits, '0')}`,
    terminating: true,
    ...keys,
    covers: (path) => binOf(path, bits) === index,
  })
  const number = new RegExp(`^[0-9a-f]{${digits}}$`)
  return {
    ring,
    covering: (path) => [role(binOf(path, bits))],
    role(name) {
      const hex = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : ''
      const index = number.test(hex) ? Number.parseInt(hex, 16) : Number.NaN
      return index < 2 ** bits ? role(index) : null
    },
    listed: [],
  }
}

function binOf(path: string, bits: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = sha256(path)
  // Not by shifts: they work on 32-bit signed numbers and 2^32 bins are allowed.
  return Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** (32 - bits))
}
