import { sha256 } from '../host/crypto/hash.ts'
import { DELEGATED, type DelegatedRole, type DepotConfig, PATHS } from './config.ts'
import type { ContentFile } from './content.ts'
import { keyRing, roleKeys, type Signed } from './signing.ts'

/** The top-level targets role names no file itself: it only says who may speak for which paths. */
export function topTargets(config: DepotConfig): Signed {
  const roles = DELEGATED.map((name) => ({
    name,
    ...roleKeys(config.roles[name]),
    terminating: true,
    paths: [...PATHS[name]],
  }))
  const keys = keyRing(DELEGATED.map((name) => config.roles[name]))
  return { _type: 'targets', targets: {}, delegations: { keys, roles } }
}

/** What each metadata file of a role will say, by its name: one file, or for many artifacts one and its hash bins. */
export function roleContents(
  config: DepotConfig,
  role: DelegatedRole,
  files: readonly ContentFile[],
): ReadonlyMap<string, Signed> {
  const bits = role === 'artifacts' ? config.artifactBins : null
  if (bits === null) return new Map([[role, targets(files)]])
  const bins = new Map<string, ContentFile[]>()
  for (let index = 0; index < 2 ** bits; index += 1) bins.set(binName(role, index, bits), [])
  for (const file of files) bins.get(binName(role, binOf(file.path, bits), bits))?.push(file)
  const succinct = { ...roleKeys(config.roles[role]), bit_length: bits, name_prefix: role }
  const delegations = { keys: keyRing([config.roles[role]]), succinct_roles: succinct }
  const contents = new Map<string, Signed>([[role, { ...targets([]), delegations }]])
  for (const [name, content] of bins) contents.set(name, targets(content))
  return contents
}

/** TUF 4.5. */
function targets(files: readonly ContentFile[]): Signed {
  const entry = ({ path, length, sha256, custom }: ContentFile) =>
    [path, { length, hashes: { sha256 }, ...(custom === null ? {} : { custom: custom as Signed }) }] as const
  return { _type: 'targets', targets: Object.fromEntries(files.map(entry)) }
}

/** TAP 15: the number of the bin in hex, as wide as the largest. */
function binName(prefix: string, index: number, bits: number): string {
  return `${prefix}-${index.toString(16).padStart((2 ** bits - 1).toString(16).length, '0')}`
}

/** TAP 15: the first bits of the path's SHA-256; `bits` up to 16. */
function binOf(path: string, bits: number): number {
  const [a = 0, b = 0] = sha256(path)
  return (a * 256 + b) >> (16 - bits)
}
