import { AppError, type ErrorCode } from '../../../shared/errors.ts'

/** What an aborted wait throws: the reason itself where that is coded, otherwise `cancelled`. */
export function abortError(signal: AbortSignal): AppError {
  return signal.reason instanceof AppError ? signal.reason : new AppError('cancelled')
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal)
}

/** Settles as `promise` does, or rejects as soon as the signal fires. The work behind it goes on unseen. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortError(signal))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  // Whichever loses the race is nobody's unhandled rejection.
  aborted.catch(() => {})
  promise.catch(() => {})
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Waits `ms` milliseconds, or throws when the signal fires first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal))
      return
    }
    const onAbort = () => {
      clearTimeout(timer)
      reject(abortError(signal))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** Timers know whole milliseconds only, and come late by as much. */
const TIMER_LATE_MS = 1

/**
 * As {@link sleep}, to a fraction of a millisecond by the clock `now`, and never less: for waits that come hundreds of
 * times one after the other. What a timer would be late by is spent looking, while everything else goes on.
 */
export async function sleepExactly(ms: number, now: () => number, signal: AbortSignal): Promise<void> {
  const end = now() + ms
  if (ms > TIMER_LATE_MS) await sleep(ms - TIMER_LATE_MS, signal)
  while (now() < end) {
    throwIfAborted(signal)
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

/** Runs `work` with a signal that also fires after `ms`; then `work` ends with `code`. */
export async function within<T>(
  ms: number,
  code: ErrorCode,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new AppError(code, { detail: { waitedMs: ms } })), ms)
  try {
    return await work(AbortSignal.any([signal, deadline.signal]))
  } finally {
    clearTimeout(timer)
  }
}
