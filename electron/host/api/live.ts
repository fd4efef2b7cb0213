import type { Live } from '../../../shared/rpc/define.ts'

interface Changing {
  onChange(listener: () => void): () => void
}

/** A watched value that is read anew whenever one of its sources speaks. */
export function live<T>(read: () => T | Promise<T>, ...sources: readonly Changing[]): Live<T> {
  return {
    read,
    onChange(listener) {
      const stops = sources.map((source) => source.onChange(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
