/**
 * Two implementations of one primitive: the run-time's own, which is fast, and the reference. The
 * run-time's is used when it answers a known question rightly; Electron links another crypto library
 * than Node does, so this is asked where the program runs and not once on a build machine.
 */
export interface Backend<T> {
  readonly name: 'node' | 'noble'
  readonly use: T
}

export interface Candidates<T> {
  readonly node: T
  readonly noble: T
  /** Known answers: true when `implementation` gives all of them, false or a throw when not. */
  readonly knows: (implementation: T) => boolean
}

/** The choice between the two, made once at first use. */
export function chooseOnce<T>(candidates: Candidates<T>): () => Backend<T> {
  let chosen: Backend<T> | undefined
  return () => {
    chosen ??= passes(candidates.knows, candidates.node)
      ? { name: 'node', use: candidates.node }
      : { name: 'noble', use: candidates.noble }
    return chosen
  }
}

export function passes<T>(knows: (implementation: T) => boolean, implementation: T): boolean {
  try {
    return knows(implementation)
  } catch {
    return false
  }
}
