import type { ErrorData } from '../../../shared/errors.ts'

/** From the pool to a worker. */
export type ToWorker =
  | { readonly t: 'run'; readonly id: number; readonly task: string; readonly input: unknown }
  | { readonly t: 'stop'; readonly id: number }

/** From a worker to the pool. Errors cross as data: a thread boundary keeps no classes. */
export type FromWorker =
  | { readonly t: 'done'; readonly id: number; readonly output: unknown }
  | { readonly t: 'error'; readonly id: number; readonly error: ErrorData; readonly text: string }
  | { readonly t: 'progress'; readonly id: number; readonly progress: number }
