/** What a task is given besides its input. */
export interface TaskContext {
  readonly signal: AbortSignal
  /** At most as often as it is worth a message between threads. */
  readonly report: (progress: number) => void
}

/** One kind of work. Input and output are plain data: they are copied between threads. */
export type Task<Input, Output> = (input: Input, context: TaskContext) => Promise<Output>
