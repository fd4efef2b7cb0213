import { AppError } from '../../../../shared/errors.ts'
import type { SshLink } from '../link.ts'
import { sleep, throwIfAborted } from '../waiting.ts'
import { bytesOf, keyOfCall, throwRecorded } from './calls.ts'
import type { TracedCall, TracedReply } from './format.ts'
import type { ReplayPlace } from './script.ts'

/** How long a command runs that the trace does not know, before the connection is given up, ms. */
const SILENCE = 5000
const BLOCK = 64 * 1024

/** A device behind SSH that can only say what it said. */
export function replaySsh({ address, script, wait }: ReplayPlace): SshLink {
  const closed = new AbortController()
  let lost: AppError | null = null
  const ask = async (call: TracedCall, signal: AbortSignal): Promise<TracedReply> => {
    throwIfAborted(signal)
    if (lost) throw lost
    const exchange = script.take(keyOfCall(call))
    const ended = AbortSignal.any([signal, closed.signal])
    await sleep(exchange?.reply ? wait(exchange.reply.after) : SILENCE, ended)
    if (!exchange?.reply) {
      lost = new AppError('link.lost', { detail: { address } })
      throw lost
    }
    const { reply } = exchange.reply
    if (reply.what === 'error' && reply.code === 'link.lost') lost = new AppError('link.lost', { detail: { address } })
    await throwRecorded(reply, ended)
    return reply
  }
  const wrong = () => new AppError('trace.unreadable', { detail: { reason: 'no-reply' } })
  return {
    kind: 'ssh',
    address,
    async run(argv, { stdin, onLine }, signal) {
      const reply = await ask({ what: 'run', argv: [...argv], stdin: stdin !== undefined }, signal)
      if (reply.what !== 'outcome') throw wrong()
      const { code, stdout, stderr } = reply
      for (const [text, from] of [
        [stdout, 'stdout'],
        [stderr, 'stderr'],
      ] as const) {
        for (const line of text.split(/[\r\n]+/)) if (line !== '') onLine?.(line, from)
      }
      return { code, stdout, stderr }
    },
    async readFile(path, limit, signal) {
      const reply = await ask({ what: 'read-file', path, limit }, signal)
      if (reply.what !== 'data') throw wrong()
      return bytesOf(reply.data)
    },
    async upload(path, file, watch, signal) {
      for (let at = 0; at < file.length; ) {
        await watch.between()
        at += (await file.read(at, Math.min(BLOCK, file.length - at))).length
        watch.progress(at, file.length)
      }
      const reply = await ask({ what: 'upload', path, length: file.length, sha256: file.sha256 }, signal)
      if (reply.what !== 'uploaded') throw wrong()
      return { held: reply.held }
    },
    async close() {
      lost ??= new AppError('link.lost', { detail: { address } })
      closed.abort(lost)
    },
  }
}
