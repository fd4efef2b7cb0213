import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/errors.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import type { TaskInput, TaskName, TaskOutput } from './tasks.ts'

export interface WorkerPoolOptions {
  /** The worker's entry: `worker.ts` from the sources, `worker.js` where it was bundled. */
  readonly workerUrl: URL
  /** Threads at most. */
  readonly size?: number
}

export interface RunTask {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (progress: number) => void
}

interface Job {
  readonly message: ToWorker & { t: 'run' }
  readonly options: RunTask
  resolve(output: unknown): void
  reject(error: unknown): void
}

const SIZE = 2

/** A few threads, started when they are first needed; one task at a time each, the rest wait in line. */
export class WorkerPool {
  readonly #workerUrl: URL
  readonly #size: number
  readonly #waiting: Job[] = []
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Job>()
  #nextId = 1
  #closed = false

  constructor(options: WorkerPoolOptions) {
    this.#workerUrl = options.workerUrl
    this.#size = options.size ?? SIZE
  }

  /** Runs one task. Throws what the task threw as a coded error, and `cancelled`. */
  run<N extends TaskName>(task: N, input: TaskInput<N>, options: RunTask = {}): Promise<TaskOutput<N>> {
    return new Promise((resolve, reject) => {
      if (this.#closed || options.signal?.aborted) {
        reject(new AppError('cancelled'))
        return
      }
      const message = { t: 'run', id: this.#nextId, task, input } as const
      this.#nextId += 1
      const stop = () => this.#stop(message.id)
      options.signal?.addEventListener('abort', stop, { once: true })
      // A signal may outlive thousands of tasks.
      const forget = () => options.signal?.removeEventListener('abort', stop)
      this.#waiting.push({
        message,
        options,
        resolve(output) {
          forget()
          resolve(output as TaskOutput<N>)
        },
        reject(error) {
          forget()
          reject(error)
        },
      })
      this.#next()
    })
  }

  /** Ends all threads; tasks that have not ended are `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true
    for (const job of this.#waiting.splice(0)) job.reject(new AppError('cancelled'))
    await Promise.all([...this.#idle.splice(0), ...this.#busy.keys()].map((worker) => worker.terminate()))
  }

  #next(): void {
    if (this.#waiting.length === 0) return
    const worker = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#start() : undefined)
    const job = worker && this.#waiting.shift()
    if (!worker || !job) return
    this.#busy.set(worker, job)
    // A busy thread keeps the process alive, an idle one does not.
    worker.ref()
    worker.postMessage(job.message)
  }

  #stop(id: number): void {
    const waiting = this.#waiting.findIndex(({ message }) => message.id === id)
    if (waiting >= 0) this.#waiting.splice(waiting, 1)[0]?.reject(new AppError('cancelled'))
    for (const [worker, { message }] of this.#busy) {
      if (message.id === id) worker.postMessage({ t: 'stop', id } satisfies ToWorker)
    }
  }

  #start(): Worker {
    // The thread inherits no loader or inspector of this process: it is the same program everywhere.
    const worker = new Worker(this.#workerUrl, { execArgv: [] })
    worker.on('message', (message: FromWorker) => this.#heard(worker, message))
    worker.on('error', (error) => this.#lost(worker, error))
    worker.on('exit', () => this.#lost(worker, null))
    return worker
  }

  #heard(worker: Worker, message: FromWorker): void {
    const job = this.#busy.get(worker)
    if (!job || job.message.id !== message.id) return
    if (message.t === 'progress') {
      job.options.onProgress?.(message.progress)
      return
    }
    this.#busy.delete(worker)
    this.#idle.push(worker)
    // While the pool is closing, its end is awaited.
    if (!this.#closed) worker.unref()
    if (message.t === 'done') job.resolve(message.output)
    else if (job.options.signal?.aborted) job.reject(new AppError('cancelled'))
    else job.reject(new AppError(message.error.code, { ...message.error, cause: message.text }))
    this.#next()
  }

  /** A thread that died takes its task with it, and no other. */
  #lost(worker: Worker, cause: unknown): void {
    const job = this.#busy.get(worker)
    this.#busy.delete(worker)
    const idle = this.#idle.indexOf(worker)
    if (idle >= 0) this.#idle.splice(idle, 1)
    job?.reject(this.#closed ? new AppError('cancelled') : new AppError('internal', { cause }))
    this.#next()
  }
}
