import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { MAX_LINE, TraceEnd, TraceHeader } from '../../link/trace/format.ts'

const SUFFIX = '.jsonl'
/** The last line is shorter. */
const TAIL = 512

export interface TraceFile {
  readonly id: string
  readonly path: string
  readonly bytes: number
  readonly header: TraceHeader
  /** Null: cut off. */
  readonly end: TraceEnd | null
}

/** A file that is being written, for its owner alone. */
export interface OpenTrace {
  readonly path: string
  write(line: string): void
  close(): void
}

/** The folder of recordings: a file each. Names come from here and never from outside. */
export class TraceFiles {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  pathOf(id: string): string {
    return join(this.#dir, `${id}${SUFFIX}`)
  }

  /** Throws what keeps the file from being made: `trace.unwritable`. */
  create(id: string): OpenTrace {
    const path = this.pathOf(id)
    let file: number
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
      file = openSync(path, 'wx', 0o600)
    } catch (cause) {
      throw new AppError('trace.unwritable', { detail: { path }, cause })
    }
    return {
      path,
      write: (line) => void writeSync(file, line),
      close: () => closeSync(file),
    }
  }

  /** Those that can be read at all. */
  list(): TraceFile[] {
    return this.#names().flatMap((name) => this.#describe(name.slice(0, -SUFFIX.length)) ?? [])
  }

  /** Throws `trace.unknown`. */
  read(id: string, offset: number, most: number): { readonly bytes: Uint8Array; readonly length: number } {
    const path = this.pathOf(id)
    const file = open(path)
    if (file === null) throw new AppError('trace.unknown', { detail: { trace: id } })
    try {
      const { size } = statSync(path)
      const bytes = Buffer.alloc(Math.max(0, Math.min(most, size - offset)))
      return { bytes: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset)), length: size }
    } finally {
      closeSync(file)
    }
  }

  remove(id: string): void {
    rmSync(this.pathOf(id), { force: true })
  }

  #names(): string[] {
    try {
      return readdirSync(this.#dir).filter((name) => name.endsWith(SUFFIX))
    } catch {
      // Nothing was recorded yet.
      return []
    }
  }

  #describe(id: string): TraceFile | null {
    const path = this.pathOf(id)
    const file = open(path)
    if (file === null) return null
    try {
      const { size } = statSync(path)
      const header = TraceHeader.safeParse(json(textAt(file, 0, MAX_LINE).split('\n')[0]))
      const last = textAt(file, Math.max(0, size - TAIL), TAIL)
        .trimEnd()
        .split('\n')
        .at(-1)
      const end = TraceEnd.safeParse(json(last))
      return header.success ? { id, path, bytes: size, header: header.data, end: end.success ? end.data : null } : null
    } catch {
      return null
    } finally {
      closeSync(file)
    }
  }
}

function open(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch {
    return null
  }
}

function textAt(file: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length)
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, from))
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
