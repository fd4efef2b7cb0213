import { useSyncExternalStore } from 'react'

/** One timer for all that tick, running only while something on screen does. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let tick = 0
/** How far the host's idea of the date is from this page's, ms: the host has the signed floor. */
let offset = 0
/** How often the date itself was set right: whatever shows one must not wait for its next tick. */
let corrections = 0

const TICK_MS = 250
/** What a frame on its way may take is no other date, ms. */
const SAME_DATE_MS = 1000

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tick++
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export function learnHostTime(hostNow: number): void {
  const before = offset
  offset = hostNow - Date.now()
  if (Math.abs(offset - before) < SAME_DATE_MS) return
  corrections++
  for (const each of listeners) each()
}

/** The page's monotonic clock, ms: what ages are counted on. */
export function pageNow(): number {
  return performance.now()
}

/** The date as the host has it, ms. */
export function hostNow(): number {
  return Date.now() + offset
}

/**
 * Re-renders every `everyMs` (a multiple of 250), and when the host sets the date right, and gives both clocks: the date, and the monotonic
 * one that ages are counted on.
 */
export function useTicks(everyMs = 1000): { readonly date: number; readonly mono: number } {
  useSyncExternalStore(subscribe, () => `${corrections} ${Math.floor((tick * TICK_MS) / everyMs)}`)
  return { date: hostNow(), mono: pageNow() }
}
