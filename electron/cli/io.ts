import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { isatty } from 'node:tty'
import { AppError } from '../../shared/errors.ts'

/** The world as a command sees it. Tests give their own. */
export interface CliIo {
  out(line: string): void
  err(line: string): void
  /** Rewrites the current line of a terminal; does nothing when the output is not one. */
  status(line: string): void
  readonly inputIsTerminal: boolean
  readonly columns: number
  /** Asks without showing what is typed; without a terminal it takes the next line of the input. */
  askSecret(prompt: string, signal: AbortSignal): Promise<string>
  /** A file's bytes; `-` is all of the input. */
  read(path: string): Promise<Uint8Array>
}

export function processIo(): CliIo {
  const { stdin, stdout, stderr } = process
  let lines: AsyncIterator<string> | undefined
  const nextLine = async () => {
    lines ??= createInterface({ input: stdin })[Symbol.asyncIterator]()
    const { value, done } = await lines.next()
    return done ? '' : value
  }
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    status: (line) => {
      if (stdout.isTTY) stdout.write(`\r\x1b[K${line.slice(0, stdout.columns - 1)}`)
    },
    inputIsTerminal: isatty(stdin.fd),
    columns: stdout.columns ?? 100,
    askSecret: (prompt, signal) => (stdin.isTTY ? askOnTerminal(prompt, signal) : nextLine()),
    read: (path) => (path === '-' ? buffer(stdin) : readBytes(path)),
  }
}

/** @throws AppError `file.not-found`, `file.unreadable` */
async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AppError(missing ? 'file.not-found' : 'file.unreadable', { detail: { path }, cause })
  }
}

/** @throws AppError `cancelled` */
function askOnTerminal(prompt: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(prompt)
  // readline echoes what is typed into its output: this one swallows it.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 })
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort)
      reader.close()
      process.stderr.write('\n')
      settle()
    }
    const onAbort = () => finish(() => reject(new AppError('cancelled')))
    signal.addEventListener('abort', onAbort)
    reader.once('line', (line) => finish(() => resolve(line)))
    reader.once('SIGINT', onAbort)
  })
}
