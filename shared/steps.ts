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
