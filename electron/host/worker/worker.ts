import { type MessagePort, parentPort } from 'node:worker_threads'
import { isAppError, toErrorData } from '../../../shared/errors.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import type { Task } from './task.ts'
import { TASKS } from './tasks.ts'

/** The entry of a worker thread: runs what it is told, one message a task. */
function serve(port: MessagePort): void {
  const running = new Map<number, AbortController>()
  const send = (message: FromWorker) => port.postMessage(message)
  port.on('message', (message: ToWorker) => {
    const { id } = message
    if (message.t === 'stop') {
      running.get(id)?.abort()
      return
    }
    const stop = new AbortController()
    running.set(id, stop)
    const report = (progress: number) => send({ t: 'progress', id, progress })
    run(message, { signal: stop.signal, report })
      .then((output) => send({ t: 'done', id, output }))
      .catch((error: unknown) => send({ t: 'error', id, error: coded(error), text: String(error) }))
      .finally(() => running.delete(id))
  })
}

async function run(message: ToWorker & { t: 'run' }, context: Parameters<Task<never, unknown>>[1]): Promise<unknown> {
  const load = Object.hasOwn(TASKS, message.task) ? TASKS[message.task as keyof typeof TASKS] : undefined
  if (!load) throw new Error(`no task ${message.task}`)
  const task = (await load()) as Task<unknown, unknown>
  return task(message.input, context)
}

function coded(error: unknown) {
  if (isAppError(error)) return error.toData()
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT') return toErrorData(error, 'file.not-found')
  return toErrorData(error, code === 'EACCES' || code === 'EIO' || code === 'EISDIR' ? 'file.unreadable' : 'internal')
}

if (parentPort) serve(parentPort)
