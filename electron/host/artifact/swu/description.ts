import { unreadable } from '../source.ts'
import { type Group, isGroup, parseLibconfig, type Setting } from './libconfig.ts'

/** A file that the description binds by its hash. */
export interface DescribedFile {
  readonly name: string
  /** hex; null where the description has none. */
  readonly sha256: string | null
}

/** What `sw-description` says of the whole, whatever variants it has. */
export interface Description {
  readonly version: string | null
  readonly text: string | null
  /** Hardware revisions in any of its variants. */
  readonly hardware: readonly string[]
  readonly files: readonly DescribedFile[]
}

/** The lists whose members name a file in the archive. */
const FILE_LISTS = new Set(['images', 'files', 'scripts'])

/** Reads `sw-description`. Throws `artifact.unreadable`. */
export function parseDescription(text: string): Description {
  const { software } = parseLibconfig(text)
  if (!isGroup(software)) throw unreadable('description-no-software')
  const hardware = new Set<string>()
  const files = new Map<string, DescribedFile>()
  walk(software, (name, setting) => {
    if (name === 'hardware-compatibility') for (const revision of texts(setting)) hardware.add(revision)
    if (FILE_LISTS.has(name) && Array.isArray(setting)) {
      for (const item of setting as readonly Setting[]) addFile(item, files)
    }
  })
  return {
    version: textOf(software.version),
    text: textOf(software.description),
    hardware: [...hardware],
    files: [...files.values()],
  }
}

function walk(group: Group, visit: (name: string, setting: Setting) => void): void {
  for (const [name, setting] of Object.entries(group)) {
    visit(name, setting)
    if (isGroup(setting)) walk(setting, visit)
  }
}

function addFile(item: Setting, files: Map<string, DescribedFile>): void {
  if (!isGroup(item)) return
  const name = textOf(item.filename)
  if (name === null) return
  const sha256 = textOf(item.sha256)?.toLowerCase() ?? null
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) throw unreadable('description-hash', { name })
  const known = files.get(name)
  // Two variants may use one file, but not disagree about what it is.
  if (known?.sha256 && sha256 && known.sha256 !== sha256) throw unreadable('description-hash-twice', { name })
  files.set(name, { name, sha256: sha256 ?? known?.sha256 ?? null })
}

function texts(setting: Setting): readonly string[] {
  return Array.isArray(setting) ? (setting as readonly Setting[]).flatMap((one) => textOf(one) ?? []) : []
}

function textOf(setting: Setting | undefined): string | null {
  return typeof setting === 'string' ? setting : null
}
