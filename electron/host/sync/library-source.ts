import { AppError, toErrorData } from '../../../shared/errors.ts'
import type { Steps } from '../../../shared/steps.ts'
import type { Library, LibrarySource } from '../trust/library.ts'
import { type OpenOptions, storedSteps } from '../trust/stored-state.ts'
import type { TrustStore } from './trust-store.ts'

/** The library of the moment, from the store or from the refresh that has just ended well. */
export class TrustLibrary implements LibrarySource {
  readonly #store: TrustStore
  readonly #options: OpenOptions
  readonly #listeners = new Set<() => void>()
  #library: Library | null = null
  #fault: AppError | null = new AppError('internal', { detail: { what: 'trust-not-opened' } })

  /** Empty until {@link openSteps} are done. */
  constructor(store: TrustStore, options: OpenOptions) {
    this.#store = store
    this.#options = options
  }

  current(): Library | null {
    if (this.#fault) throw this.#fault
    return this.#library
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Proves the stored state once more, from the pinned root. A state that no longer verifies is kept as a fault:
   * {@link current} throws it.
   */
  *openSteps(): Steps<void> {
    try {
      const state = yield* this.#store.stateSteps()
      this.#library = state && (yield* storedSteps(state, this.#options))
      this.#fault = null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const { code, detail } = toErrorData(error)
      const corrupt = code === 'trust.cache-corrupt'
      this.#fault = corrupt
        ? error
        : new AppError('trust.cache-corrupt', { detail: { reason: code, ...detail }, cause: error })
    }
    this.#changed()
  }

  /** A refresh has ended well, and what it found is stored. */
  replace(library: Library): void {
    this.#fault = null
    this.#library = library
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
