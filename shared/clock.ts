/** Time as the host sees it. Injected everywhere, so that tests own it. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 UTC. May step in either direction. */
  now(): number
  /** Milliseconds since an arbitrary start. Never steps back; says nothing about the date. */
  monotonic(): number
}
