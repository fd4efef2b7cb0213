/** Something that can say "look again". */
export interface Changing {
  onChange(listener: () => void): () => void
}

/** A source of changes that its owner announces. */
export class Changes implements Changing {
  readonly #listeners = new Set<() => void>()

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly tell = (): void => {
    for (const listener of this.#listeners) listener()
  }
}

/** One source that speaks when any of several does. */
export function anyOf(...sources: readonly Changing[]): Changing {
  return {
    onChange(listener) {
      const stops = sources.map((source) => source.onChange(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

/** Speaks now and then although nothing was announced: for values that change with time alone. */
export function every(ms: number): Changing {
  return {
    onChange(listener) {
      const timer = setInterval(listener, ms)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}
