import { unreadable } from '../source.ts'

/** One `[image.*]` of a bundle. */
export interface RaucImage {
  readonly slotClass: string
  readonly filename: string
  readonly size: string | null
  readonly hooks: string | null
}

export interface RaucManifest {
  readonly compatible: string
  readonly version: string | null
  readonly description: string | null
  readonly build: string | null
  readonly format: 'plain' | 'verity' | 'crypt'
  /** hex; only where the format has them. */
  readonly verity: { readonly hash: string; readonly salt: string; readonly size: number } | null
  readonly images: readonly RaucImage[]
  readonly hooks: string | null
}

type Groups = ReadonlyMap<string, ReadonlyMap<string, string>>

export const MAX_RAUC_MANIFEST = 256 * 1024
const MAX_IMAGES = 64
const FORMATS = ['plain', 'verity', 'crypt'] as const

/** Reads `manifest.raucm`. Throws `artifact.unreadable`. */
export function parseRaucManifest(text: string): RaucManifest {
  const groups = parseKeyFile(text)
  const value = (group: string, key: string) => groups.get(group)?.get(key) ?? null
  const compatible = value('update', 'compatible')
  if (!compatible) throw unreadable('no-compatible')
  const format = FORMATS.find((known) => known === (value('bundle', 'format') ?? 'plain'))
  if (!format) throw unreadable('bundle-format')
  const images = [...groups]
    .filter(([name]) => name.startsWith('image.'))
    .map(([name, keys]) => ({
      slotClass: name.slice('image.'.length),
      filename: keys.get('filename') ?? '',
      size: keys.get('size') ?? null,
      hooks: keys.get('hooks') ?? null,
    }))
  if (images.length > MAX_IMAGES) throw unreadable('too-many-images')
  return {
    compatible,
    version: value('update', 'version'),
    description: value('update', 'description'),
    build: value('update', 'build'),
    format,
    verity: format === 'plain' ? null : verityOf(value),
    images,
    hooks: value('hooks', 'filename'),
  }
}

function verityOf(value: (group: string, key: string) => string | null): RaucManifest['verity'] {
  const hash = value('bundle', 'verity-hash')?.toLowerCase() ?? ''
  const salt = value('bundle', 'verity-salt')?.toLowerCase() ?? ''
  const size = value('bundle', 'verity-size') ?? ''
  if (!/^[0-9a-f]{64}$/.test(hash) || !/^(?:[0-9a-f]{2}){0,256}$/.test(salt) || !/^\d{1,15}$/.test(size)) {
    throw unreadable('bundle-verity')
  }
  return { hash, salt, size: Number(size) }
}

/** GLib key files: groups, keys, comments. A key that comes twice is refused: each side might believe another one. */
function parseKeyFile(text: string): Groups {
  const groups = new Map<string, Map<string, string>>()
  let group: Map<string, string> | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const name = /^\[([^[\]]{1,200})\]$/.exec(line)?.[1]
    if (name !== undefined) {
      if (groups.has(name)) throw unreadable('manifest-name-twice', { line: index + 1 })
      group = new Map()
      groups.set(name, group)
      continue
    }
    const [, key, value] = /^([^=\s][^=]{0,200}?)\s*=\s*(.*)$/.exec(line) ?? []
    if (!group || key === undefined || value === undefined) throw unreadable('manifest', { line: index + 1 })
    if (group.has(key)) throw unreadable('manifest-name-twice', { line: index + 1 })
    group.set(key, value)
  }
  return groups
}
