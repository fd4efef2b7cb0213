import { AppError } from '../../../../shared/errors.ts'
import type { BodyGauge } from './bodies.ts'
import { MAX_LINE, MAX_TRACE, type TracedBody, type TraceEnd, type TraceEvent, type TraceHeader } from './format.ts'
import { scrubBytes } from './scrub.ts'

/** An event as it happens; the writer knows when. */
type Unstamped<E> = E extends TraceEvent ? Omit<E, 'at'> : never
export type Happening = Unstamped<TraceEvent>

export interface TraceWriterOptions {
  readonly header: TraceHeader
  /** Takes one line, its line feed included. A throw ends the recording and nothing else. */
  readonly write: (line: string) => void
  /** Monotonic ms. */
  readonly now: () => number
  /** What must never be in a trace, whatever carries it: the login in use. */
  readonly secrets?: readonly string[]
  /** Bytes, {@link MAX_TRACE} at most. */
  readonly limit?: number
}

/** What is left free for the last line, bytes. */
const ROOM_FOR_END = 200

/** Writes down what goes over one link. Never gets in the way of it: what cannot be written ends the trace. */
export class TraceWriter {
  readonly #options: TraceWriterOptions
  readonly #began: number
  readonly #limit: number
  #bytes = 0
  #events = 0
  #calls = 0
  #ended: TraceEnd['why'] | 'failed' | null = null

  constructor(options: TraceWriterOptions) {
    this.#options = options
    this.#began = options.now()
    this.#limit = Math.min(options.limit ?? MAX_TRACE, MAX_TRACE)
    this.#put(JSON.stringify(options.header))
  }

  get bytes(): number {
    return this.#bytes
  }

  get events(): number {
    return this.#events
  }

  /** Why nothing more is written; null: it goes on. */
  get ended(): TraceEnd['why'] | 'failed' | null {
    return this.#ended
  }

  newCall(): number {
    this.#calls += 1
    return this.#calls
  }

  /** Base64 of bytes without the secrets. */
  data(bytes: Uint8Array): string {
    return scrubBytes(bytes, this.#options.secrets ?? []).toString('base64')
  }

  body(gauge: BodyGauge): TracedBody {
    return gauge.body(this.#options.secrets ?? [])
  }

  text(text: string): string {
    return scrubBytes(Buffer.from(text, 'utf8'), this.#options.secrets ?? []).toString('utf8')
  }

  note(happening: Happening): void {
    if (this.#ended) return
    let line = JSON.stringify({ at: this.#at(), ...happening })
    if (line.length > MAX_LINE) {
      line = JSON.stringify({
        at: this.#at(),
        is: 'note',
        text: `left out: ${happening.is}, ${line.length} characters`,
      })
    }
    if (this.#bytes + line.length + ROOM_FOR_END > this.#limit) {
      this.end('full')
      return
    }
    this.#events += 1
    this.#put(line)
  }

  end(why: TraceEnd['why']): void {
    if (this.#ended) return
    const end: TraceEnd = { at: this.#at(), is: 'end', events: this.#events, why }
    this.#put(JSON.stringify(end))
    this.#ended ??= why
  }

  #at(): number {
    return Math.round((this.#options.now() - this.#began) * 100) / 100
  }

  #put(line: string): void {
    try {
      this.#options.write(`${line}\n`)
      this.#bytes += Buffer.byteLength(line) + 1
    } catch {
      this.#ended = 'failed'
    }
  }
}

/** Who records at this moment; null: nobody. Asked at every event: a recording may begin while a link is open. */
export type CurrentWriter = () => TraceWriter | null

/**
 * How an error is told in a trace: its code and facts, never its words or its stack. `cancelled`: nobody waited for the
 * answer any more, whyever that was.
 */
export function tracedError(error: unknown, signal: AbortSignal) {
  const known = error instanceof AppError ? error : new AppError('internal')
  const coded = signal.aborted ? new AppError('cancelled') : known
  return { what: 'error', code: coded.code, detail: coded.detail } as const
}
