import type { SourceFile, SourceFiles, SourceView } from '../../../../shared/contract/source.ts'
import type { RootPreview } from '../../../../shared/contract/trust.ts'
import { AppError, type ErrorData, isAppError, toErrorData } from '../../../../shared/errors.ts'
import type { AuditRecorder } from '../../audit/recorder.ts'
import { sha256Hex } from '../../crypto/hash.ts'
import type { ArtifactQueries } from '../../store/artifacts.ts'
import type { FactQueries } from '../../store/facts.ts'
import { usableKeys } from '../../trust/keys.ts'
import type { Library } from '../../trust/library.ts'
import type { TrustLimits } from '../../trust/limits.ts'
import { type FoundTarget, targetInfo } from '../../trust/lookup.ts'
import { roleFacts } from '../../trust/role-facts.ts'
import { TrustedSet } from '../../trust/trusted-set.ts'
import type { ArtifactDownload } from '../artifact-download.ts'
import type { ArtifactStore } from '../artifact-store.ts'
import type { Fetcher } from '../fetcher.ts'
import type { NetworkGate } from '../network-gate.ts'
import { RepositoryClient } from '../repository-client.ts'
import { targetUrl } from '../repository-urls.ts'
import type { TrustedTime } from '../trusted-time.ts'
import { readRoot, writeNewFile } from './source-files.ts'
import { MAX_SOURCES, readSources, type Source, writeSources } from './source-list.ts'
import { folders, refusedPath, versionOf } from './source-rules.ts'
import { copyOf } from './source-state.ts'
import { attempt, pathsNaming, pathsOf, SourceTrust } from './source-trust.ts'

export interface SourceServiceOptions {
  /** Where metadata of sources is kept, a file each. */
  readonly dir: string
  readonly facts: FactQueries
  readonly recorder: AuditRecorder
  readonly fetcher: Fetcher
  readonly gate: NetworkGate
  readonly limits: TrustLimits
  readonly time: Pick<TrustedTime, 'now' | 'refreshTime'>
  readonly now: () => number
  readonly download: ArtifactDownload
  readonly store: ArtifactStore
  readonly rows: ArtifactQueries
  readonly library: () => Library | null
  /** Of our own publisher's root: it is no source of itself. */
  readonly own: () => string | null
}

export interface NewSource {
  readonly id: string
  readonly root: string
  readonly fingerprint: string
  readonly metadata: string
  readonly targets: string
  readonly paths?: readonly string[] | undefined
}

/** Files that a screen is shown at once. */
const SHOWN = 200

/**
 * Somebody else's TUF repositories as places where bytes come from. Their word makes bytes authentic and nothing else:
 * what is done with them says a plan of our own publisher, which names them by their hash.
 */
export class SourceService {
  readonly #options: SourceServiceOptions
  readonly #listeners = new Set<() => void>()
  readonly #trust: SourceTrust
  #sources: Source[]
  #fetching: { readonly id: string; readonly target: string; readonly done: number; readonly total: number } | null =
    null

  constructor(options: SourceServiceOptions) {
    this.#options = options
    this.#sources = readSources(options.facts)
    this.#trust = new SourceTrust(options.dir, options.limits)
  }

  list(): SourceView[] {
    return this.#sources.map((source) => this.#view(source))
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The root in a file. Throws `file.*`, `trust.*`. */
  async preview(path: string): Promise<Omit<RootPreview, 'url'>> {
    const bytes = await readRoot(path, this.#options.limits.rootBytes)
    const root = new TrustedSet(bytes, { now: 0, limits: this.#options.limits }).root
    const { threshold } = root.roles.root
    return {
      version: root.version,
      expires: root.expires,
      fingerprint: sha256Hex(bytes),
      rootKeys: usableKeys(root.roles.root, root.ring),
      rootThreshold: threshold,
    }
  }

  /** Throws `source.exists`, `trust.fingerprint-mismatch`, `sync.bad-url`, `file.*`, `trust.*`. */
  async add(wish: NewSource, actor: string): Promise<SourceView> {
    const { own, recorder, facts, now } = this.#options
    const { id, fingerprint } = wish
    const urls = folders(wish.metadata, wish.targets)
    const found = await this.preview(wish.root)
    if (found.fingerprint !== fingerprint) {
      throw new AppError('trust.fingerprint-mismatch', { detail: { found: found.fingerprint } })
    }
    if (fingerprint === own() || this.#sources.some((each) => each.id === id || each.fingerprint === fingerprint)) {
      throw new AppError('source.exists', { detail: { source: id } })
    }
    if (this.#sources.length >= MAX_SOURCES) throw new AppError('source.too-many', { detail: { limit: MAX_SOURCES } })
    this.#trust.begin(id, await readRoot(wish.root, this.#options.limits.rootBytes))
    const source: Source = { id, ...urls, paths: [...(wish.paths ?? [])], fingerprint, addedBy: actor, addedAt: now() }
    const next = [...this.#sources, source]
    const detail = { fingerprint, ...urls, paths: source.paths }
    await recorder.record({ actor, action: 'source.added', subject: id, detail }, () => writeSources(facts, next))
    this.#sources = next
    this.#changed()
    return this.#view(source)
  }

  async remove(id: string, actor: string): Promise<void> {
    const { recorder, facts } = this.#options
    const source = this.#one(id)
    const next = this.#sources.filter((each) => each !== source)
    const detail = { fingerprint: source.fingerprint }
    await recorder.record({ actor, action: 'source.removed', subject: id, detail }, () => writeSources(facts, next))
    this.#sources = next
    this.#trust.forget(id)
    this.#changed()
  }

  show(id: string, filter = ''): SourceFiles {
    const source = this.#one(id)
    const set = this.#trust.set(source)
    const wanted = filter.toLowerCase()
    const paths = [...pathsOf(set)].filter((path) => path.toLowerCase().includes(wanted)).toSorted()
    const files = paths.slice(0, SHOWN).flatMap((path) => {
      const found = this.#trust.find(source, path)
      return found ? [this.#file(source, found)] : []
    })
    return { source: this.#view(source), files, more: Math.max(0, paths.length - SHOWN) }
  }

  /** Fetches and verifies its metadata. Throws `trust.*`, `sync.*`; what was good before stays so. */
  async sync(id: string, actor: string): Promise<SourceView> {
    const source = this.#one(id)
    await this.#options.gate.run((signal) => this.#refresh(source, actor, signal))
    return this.#view(source)
  }

  /**
   * Brings one file into the artifact store, by metadata that is good now. Throws `source.*`, `trust.*`, `sync.*`,
   * `disk.full`, `cancelled`.
   */
  async fetch(id: string, path: string, actor: string): Promise<SourceFile> {
    const { gate, download, recorder, rows, now } = this.#options
    const source = this.#one(id)
    const refused = refusedPath(path, source.paths)
    if (refused) throw refused
    return gate.run(async (signal) => {
      const client = await this.#refresh(source, actor, signal, path)
      const found = await client.find(path)
      if (!found) throw new AppError('trust.unknown-target', { detail: { target: path } })
      const { sha256, length } = targetInfo(found)
      const url = targetUrl(source, path, found.facts, client.set.root.consistentSnapshot)
      const say = (done: number) => {
        this.#fetching = { id, target: path, done, total: length }
        this.#changed()
      }
      try {
        await download.fetch({ sha256, length }, url, { signal, onProgress: say })
        const detail = { source: id, sha256, length }
        await recorder.record({ actor, action: 'source.fetched', subject: path, detail }, () =>
          rows.add({ sha256, length, storedAt: now() }),
        )
      } finally {
        this.#fetching = null
        this.#changed()
      }
      return this.#file(source, found)
    })
  }

  /** The hash of a file of it that is on board. Throws `source.*`, `trust.unknown-target`, `artifact.missing`. */
  heldFile(id: string, path: string): string {
    const source = this.#one(id)
    const refused = refusedPath(path, source.paths)
    if (refused) throw refused
    const found = this.#trust.find(source, path)
    if (!found) throw new AppError('trust.unknown-target', { detail: { target: path } })
    const { sha256 } = targetInfo(found)
    if (!this.#options.store.has(sha256)) throw new AppError('artifact.missing', { detail: { target: path, sha256 } })
    return sha256
  }

  /** Writes it to a new file. Throws as {@link heldFile}, `artifact.corrupt`, `file.unreadable`, `rpc.bad-input`. */
  async export(id: string, path: string, to: string, signal: AbortSignal): Promise<void> {
    const reader = await this.#options.store.open(this.heldFile(id, path), signal)
    try {
      await writeNewFile(to, reader, signal)
    } finally {
      await reader.close()
    }
  }

  /**
   * A source that has exactly these bytes, for a file that a plan of our own names. Our own signed hash decides what
   * they are: whether the source's word is fresh does not matter.
   */
  locate(target: { readonly sha256: string; readonly length: number }): { source: string; url: string } | null {
    for (const source of this.#sources) {
      const set = this.#trust.setIfAny(source)
      if (!set) continue
      for (const path of pathsNaming(set, target.sha256)) {
        const found = refusedPath(path, source.paths) ? null : this.#trust.find(source, path)
        if (found?.facts.hashes.get('sha256') !== target.sha256 || found.facts.length !== target.length) continue
        return { source: source.id, url: targetUrl(source, path, found.facts, set.root.consistentSnapshot) }
      }
    }
    return null
  }

  /** `path`: a file whose role, where it is a hash bin, is fetched with the rest. */
  async #refresh(source: Source, actor: string, signal: AbortSignal, path?: string): Promise<RepositoryClient> {
    const { fetcher, limits, time, recorder } = this.#options
    const state = this.#trust.state(source)
    const seen = copyOf(state.seen)
    const now = time.refreshTime()
    const client = new RepositoryClient({ urls: source, fetcher, cache: seen, now, limits, signal })
    try {
      await client.refresh()
      await client.loadListedRoles()
      if (path !== undefined) await client.find(path)
    } catch (error) {
      const trouble = toErrorData(error)
      this.#trust.keep(source.id, { ...state, seen, trouble: isAppError(error, 'cancelled') ? state.trouble : trouble })
      this.#changed()
      const judged = trouble.code.startsWith('trust.')
      if (judged)
        await recorder.record({ actor: 'console', action: 'source.refused', subject: source.id, detail: trouble })
      throw error
    }
    this.#trust.keep(source.id, { good: { cache: seen, checkedAt: now }, seen, trouble: null }, client.set)
    this.#changed()
    const versions = Object.fromEntries(roleFacts(client.set).map(({ name, version }) => [name, version]))
    await recorder.record({ actor, action: 'source.checked', subject: source.id, detail: { versions } })
    return client
  }

  #view(source: Source): SourceView {
    const { id, ...said } = source
    const [state, unreadable] = attempt(() => this.#trust.state(source))
    const [set, corrupt] = attempt(() => this.#trust.set(source))
    const roles = set ? roleFacts(set).map(({ name, version, expires }) => ({ name, version, expires })) : []
    const fetching = this.#fetching?.id === id ? this.#fetching : null
    return {
      id,
      ...said,
      checkedAt: state?.good?.checkedAt ?? null,
      roles,
      files: set ? pathsOf(set).size : 0,
      trouble: unreadable ?? corrupt ?? state?.trouble ?? this.#expired(roles),
      fetching: fetching && { target: fetching.target, done: fetching.done, total: fetching.total },
    }
  }

  /** What was good when it came and is no more: nothing is fetched on its word until the publisher signs anew. */
  #expired(roles: SourceView['roles']): ErrorData | null {
    const now = this.#options.time.now().now
    const over = roles.find(({ expires }) => expires <= now)
    return over ? new AppError('trust.expired', { detail: { role: over.name, expires: over.expires } }).toData() : null
  }

  #file(source: Source, found: FoundTarget): SourceFile {
    const { store, library } = this.#options
    const { path, facts, way } = found
    const sha256 = facts.hashes.get('sha256') ?? null
    const [info, nameless] = attempt(() => targetInfo(found))
    const own = library()
    const plans = [...(own?.plans.values() ?? [])].flatMap(({ document }) => {
      const names = document.artifacts.some((each) => own?.target(each.target)?.sha256 === sha256)
      return sha256 !== null && names ? [{ id: document.id, title: document.title }] : []
    })
    return {
      target: path,
      bytes: facts.length,
      sha256,
      version: versionOf(info?.custom),
      role: way.at(-1)?.role ?? 'targets',
      held: sha256 !== null && store.has(sha256),
      plans,
      refused: refusedPath(path, source.paths)?.toData() ?? nameless,
    }
  }

  #one(id: string): Source {
    const source = this.#sources.find((each) => each.id === id)
    if (!source) throw new AppError('source.unknown', { detail: { source: id } })
    return source
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
