import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, isAppError } from '../../shared/errors.ts'
import { fileError, readFileIfAny, writeFileDurably } from '../depot/files.ts'
import type { MetadataCache } from '../host/sync/repository-client.ts'
import { encodeName } from '../host/sync/repository-urls.ts'
import type { TrustLimits } from '../host/trust/limits.ts'
import { isTopRole, type RootMetadata } from '../host/trust/root-metadata.ts'
import { TrustedSet } from '../host/trust/trusted-set.ts'

const ENDING = '.json'
const NOT_TARGETS = ['root', 'timestamp', 'snapshot']

/**
 * Trusted metadata as files, `root.json` and so on, byte for byte as they came. A file that is missing and one
 * that is damaged are two things: without `root.json` there is no trust yet, with a damaged one it was lost.
 */
export class MetadataFolder {
  readonly #dir: string
  readonly #limits: TrustLimits

  constructor(dir: string, limits: TrustLimits) {
    this.#dir = dir
    this.#limits = limits
  }

  /**
   * Begins to trust. A root that is here and good is never exchanged for another: that would be a change of
   * publisher. Throws `trust.bad-json`, `trust.bad-metadata`, `trust.threshold`, `trust.already-adopted`, `file.*`.
   */
  async init(root: Uint8Array): Promise<void> {
    requireSelfSigned(root, this.#limits)
    const held = await readFileIfAny(this.#place('root'))
    if (held && Buffer.compare(held, root) === 0) return
    if (held && isSelfSigned(held, this.#limits)) throw new AppError('trust.already-adopted')
    await writeFileDurably(this.#place('root'), root)
  }

  /** Throws `trust.none` without a root, `trust.cache-corrupt` when the root is damaged, `file.unreadable`. */
  async read(): Promise<MetadataCache> {
    const root = await readFileIfAny(this.#place('root'))
    if (!root) throw new AppError('trust.none')
    try {
      requireSelfSigned(root, this.#limits)
    } catch (cause) {
      if (!isAppError(cause)) throw cause
      throw new AppError('trust.cache-corrupt', { detail: { reason: cause.code, about: 'root.json' }, cause })
    }
    return {
      roots: [root],
      timestamp: await readFileIfAny(this.#place('timestamp')),
      snapshot: await readFileIfAny(this.#place('snapshot')),
      roles: await this.#readRoles(),
    }
  }

  /**
   * Writes what has changed, in the order of trust and each file whole: a kill between two of them leaves a state
   * from which the workflow goes on. What could not be verified any more stays until something better replaces it.
   */
  async write(cache: MetadataCache, before: MetadataCache): Promise<void> {
    await this.#replace('root', before.roots.at(-1), cache.roots.at(-1))
    await this.#replace('timestamp', before.timestamp, cache.timestamp)
    await this.#replace('snapshot', before.snapshot, cache.snapshot)
    for (const [role, bytes] of cache.roles) await this.#replace(role, before.roles.get(role), bytes)
  }

  async #replace(role: string, before: Uint8Array | null | undefined, now: Uint8Array | null | undefined) {
    if (now && (!before || Buffer.compare(before, now) !== 0)) await writeFileDurably(this.#place(role), now)
  }

  async #readRoles(): Promise<Map<string, Uint8Array>> {
    const roles = new Map<string, Uint8Array>()
    for (const role of await this.#roleNames()) {
      const bytes = await readFileIfAny(this.#place(role))
      if (bytes) roles.set(role, bytes)
    }
    return roles
  }

  async #roleNames(): Promise<string[]> {
    try {
      const names = (await readdir(this.#dir)).filter((name) => name.endsWith(ENDING))
      const roles = names.map((name) => decode(name.slice(0, -ENDING.length)))
      // A name that we would not have written is somebody else's file.
      return roles.filter((role, i) => `${fileName(role)}${ENDING}` === names[i] && !NOT_TARGETS.includes(role))
    } catch (error) {
      throw fileError(error, this.#dir)
    }
  }

  #place(role: string): string {
    return join(this.#dir, `${fileName(role)}${ENDING}`)
  }
}

/** A role called `Root` must not become `root.json` where the disk does not tell capitals apart. */
function fileName(role: string): string {
  const name = encodeName(role)
  if (isTopRole(name) || !isTopRole(name.toLowerCase())) return name
  return name.replace(/[A-Z]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return ''
  }
}

function requireSelfSigned(root: Uint8Array, limits: TrustLimits): RootMetadata {
  return new TrustedSet(root, { now: 0, limits }).root
}

function isSelfSigned(root: Uint8Array, limits: TrustLimits): boolean {
  try {
    return requireSelfSigned(root, limits).version > 0
  } catch {
    return false
  }
}
