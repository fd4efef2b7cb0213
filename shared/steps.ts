/**
 * Work that may be long, and yields often: whoever drives it runs it to its end at once, or lets others have their
 * turn in between. It is the same work either way.
 */
export type Steps<T> = Generator<void, T, void>

/** Runs it to its end, without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  let next = steps.next()
  while (!next.done) next = steps.next()
  return next.value
}

/** Elements between two steps. */
const RUN = 2048

/** Sorted anew, stably: short runs, merged two by two. `compare` as for `toSorted`. */
export function* sortedSteps<T>(items: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare))
    yield
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* mergeSteps(runs[i] ?? [], runs[i + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

/** Two sorted lists as one. */
export function* mergeSteps<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (compare(a[i] as T, b[j] as T) <= 0) merged.push(a[i++] as T)
    else merged.push(b[j++] as T)
    if (merged.length % RUN === 0) yield
  }
  return merged.concat(a.slice(i), b.slice(j))
}
