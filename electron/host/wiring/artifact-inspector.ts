import { basename } from 'node:path'
import type { Inspection } from '../../../shared/contract/artifacts.ts'
import { AppError } from '../../../shared/errors.ts'
import { ArtifactCustom } from '../../../shared/model/artifact.ts'
import type { OfferedPart } from '../api/services.ts'
import { openFile } from '../artifact/file-source.ts'
import { type Explained, explain, typeVerdicts } from '../artifact/inspection.ts'
import type { ArtifactSource } from '../artifact/source.ts'
import type { ArtifactStore } from '../sync/artifact-store.ts'
import type { ArtifactReader } from '../sync/artifact-store-reader.ts'
import type { Library, TargetInfo } from '../trust/library.ts'
import type { OfferedFiles } from './offered-files.ts'

export interface InspectorParts {
  readonly store: ArtifactStore
  readonly library: () => Library | null
  readonly offered: OfferedFiles
}

/** Explains files to people: of the store, of the laptop, or handed over by a page. Touches no device. */
export class ArtifactInspector {
  readonly #parts: InspectorParts

  constructor(parts: InspectorParts) {
    this.#parts = parts
  }

  /** Throws `trust.none`, `trust.unknown-target`, `artifact.missing`, `artifact.corrupt`. */
  async target(path: string, signal: AbortSignal): Promise<Inspection> {
    const library = this.#parts.library()
    if (!library) throw new AppError('trust.none')
    const target = library.target(path)
    const custom = target && customOf(target)
    if (!custom) throw new AppError('trust.unknown-target', { detail: { target: path } })
    const file = await this.#parts.store.open(target.sha256, signal)
    try {
      const source = reading(file, signal)
      const explained = await explain(source, [], custom.kind)
      return await this.#tell(basename(path), source, explained, library, custom.deviceTypes)
    } finally {
      await file.close()
    }
  }

  /** A file on board, whoever vouches for it. Throws `artifact.missing`, `artifact.corrupt`. */
  async stored(sha256: string, name: string, signal: AbortSignal): Promise<Inspection> {
    const file = await this.#parts.store.open(sha256, signal)
    try {
      const source = reading(file, signal)
      return await this.#tell(basename(name), source, await explain(source, []), this.#parts.library(), null)
    } finally {
      await file.close()
    }
  }

  /** Throws `file.not-found`, `file.unreadable`. */
  async file(path: string, signal: AbortSignal): Promise<Inspection> {
    const file = await openFile(path, signal)
    try {
      return await this.#tell(basename(path), file, await explain(file, []), this.#parts.library(), null)
    } finally {
      await file.close()
    }
  }

  /** Throws `rpc.bad-input`, `file.too-large`, `disk.full`. */
  async part(part: OfferedPart, signal: AbortSignal): Promise<{ received: number; inspection: Inspection | null }> {
    const { received, whole } = await this.#parts.offered.take(part)
    if (!whole) return { received, inspection: null }
    try {
      return { received, inspection: { ...(await this.file(whole, signal)), name: part.name } }
    } finally {
      await this.#parts.offered.forget(part.file)
    }
  }

  async #tell(
    name: string,
    source: ArtifactSource,
    explained: Explained,
    library: Library | null,
    types: readonly string[] | null,
  ): Promise<Inspection> {
    const { sha256, kind, facts, trouble } = explained
    const profiles = [...(library?.profiles.values() ?? [])].map(({ document }) => document)
    const wanted = types ? profiles.filter(({ type }) => types.includes(type)) : profiles
    const plans = [...(library?.plans.values() ?? [])].map(({ document }) => document)
    const published = library ? targetsOf(library, sha256) : []
    return {
      name,
      bytes: source.length,
      sha256,
      kind,
      facts,
      trouble,
      published,
      plans: plans
        .filter(({ artifacts }) => artifacts.some((each) => published.some(({ target }) => target === each.target)))
        .map(({ id, title }) => ({ id, title })),
      types: await typeVerdicts(source, explained, wanted),
    }
  }
}

function reading(file: ArtifactReader, signal: AbortSignal): ArtifactSource {
  return {
    length: file.length,
    read: (offset, length) => {
      signal.throwIfAborted()
      return file.read(offset, length)
    },
  }
}

/** Of all that is signed, what plans name: other targets go nowhere. */
function targetsOf(library: Library, sha256: string): Inspection['published'] {
  const paths = new Set(
    [...library.plans.values()].flatMap(({ document }) => document.artifacts.map((each) => each.target)),
  )
  return [...paths].flatMap((path) => {
    const target = library.target(path)
    const custom = target?.sha256 === sha256 ? customOf(target) : null
    if (!custom) return []
    const { component, version, deviceTypes } = custom
    return [{ target: path, component, version, deviceTypes }]
  })
}

function customOf(target: TargetInfo): ArtifactCustom | null {
  return ArtifactCustom.safeParse((target.custom as { slipway?: unknown } | null)?.slipway).data ?? null
}
