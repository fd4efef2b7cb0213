import { useSyncExternalStore } from 'react'

/** One timer for all that tick, running only while something on screen does. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let tick = 0
/** How far the host's idea of the date is from this page's, ms: the host has the signed floor. */
let offset = 0

const TICK_MS = 250

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
  offset = hostNow - Date.now()
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
 * Re-renders every `everyMs` (a multiple of 250) and gives both clocks: the date, and the monotonic
 * one that ages are counted on.
 */
export function useTicks(everyMs = 1000): { readonly date: number; readonly mono: number } {
  useSyncExternalStore(subscribe, () => Math.floor((tick * TICK_MS) / everyMs))
  return { date: hostNow(), mono: pageNow() }
}
