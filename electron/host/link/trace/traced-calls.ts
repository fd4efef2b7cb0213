import type { TracedCall, TracedReply } from './format.ts'
import { type CurrentWriter, type TraceWriter, tracedError } from './writer.ts'

/** Asks, and writes down the question and what came of it while somebody records. */
export type TracedAsk = <T>(
  call: (trace: TraceWriter) => TracedCall,
  ask: () => Promise<T>,
  reply: (answer: T, trace: TraceWriter) => TracedReply,
  signal: AbortSignal,
) => Promise<T>

export function tracedCalls(writer: CurrentWriter): TracedAsk {
  return async (call, ask, reply, signal) => {
    const trace = writer()
    if (!trace) return ask()
    const id = trace.newCall()
    trace.note({ is: 'call', id, call: call(trace) })
    try {
      const answer = await ask()
      trace.note({ is: 'reply', id, reply: reply(answer, trace) })
      return answer
    } catch (error) {
      trace.note({ is: 'reply', id, reply: tracedError(error, signal) })
      throw error
    }
  }
}
