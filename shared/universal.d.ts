// The few globals that Node, Electron and browsers all have. `shared` compiles against these alone,
// so that neither `document` nor `process` can slip in.
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
declare function setTimeout(run: () => void, ms: number): number
declare function clearTimeout(timer: number): void
declare function queueMicrotask(run: () => void): void
