import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { TraceRow } from '../../shared/contract/traces.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { EXIT } from './exit-code.ts'
import { callMethod, type Session, watchMethod } from './session.ts'

interface RecordOptions {
  readonly out: string
  readonly for?: number
}

/** `slipway trace ...`: write down what goes over a link, and play it back. */
export function addTraceCommands(program: Command, session: () => Session): void {
  const trace = program.command('trace').summary('record what goes over a link, and replay it')
  trace
    .command('record')
    .summary('record while the console works with the device, until Ctrl-C')
    .argument('<device>', 'a device or an address')
    .requiredOption('--out <file>', 'where the recording goes')
    .option('--for <seconds>', 'end by itself', secondsOf)
    .action((what: string, options: RecordOptions) => record(session(), what, options))
  trace
    .command('replay')
    .summary('what is in a recording, and what its driver makes of the device in it; needs no host')
    .argument('<file>')
    .action((file: string) => replay(session(), resolve(file)))
}

async function record(session: Session, what: string, { out, for: seconds }: RecordOptions): Promise<void> {
  const path = resolve(out)
  // Before anything is recorded: a file that is there is nobody's to overwrite.
  const file = create(path)
  let fetched = false
  try {
    const started = (await callMethod(session, 'traces.start', await meant(session, what))) as TraceRow
    // Ctrl-C ends the recording; fetching it goes on.
    let row: TraceRow
    const calm = { ...session, signal: new AbortController().signal }
    try {
      await follow(session, started.id, seconds)
    } finally {
      row = (await callMethod(calm, 'traces.stop', { id: started.id })) as TraceRow
    }
    await fetchInto(calm, row.id, (bytes) => writeSync(file, bytes))
    fetched = true
    session.print.value('traces.stop', { ...row, path })
  } finally {
    closeSync(file)
    if (!fetched) rmSync(path, { force: true })
  }
}

/** A device that is known by this key, or an address. */
async function meant(session: Session, what: string): Promise<{ device: string } | { address: string }> {
  let found = false
  await watchMethod(session, 'devices.list', null, (devices) => {
    found = (devices as { key: string }[]).some(({ key }) => key === what)
    return true
  })
  return found ? { device: what } : { address: what }
}

async function follow(session: Session, id: string, seconds: number | undefined): Promise<void> {
  const over = new AbortController()
  const timer = seconds === undefined ? undefined : setTimeout(() => over.abort(), seconds * 1000)
  const stop = () => over.abort()
  session.signal.addEventListener('abort', stop, { once: true })
  try {
    await watchMethod({ ...session, signal: over.signal }, 'traces.list', null, (rows) => {
      const row = (rows as TraceRow[]).find((one) => one.id === id)
      if (row) session.io.status(`recording ${row.address}: ${row.events ?? 0} events, ${row.bytes} bytes`)
      return row?.state !== 'recording'
    })
  } catch (error) {
    if (!over.signal.aborted || !isAppError(error, 'cancelled')) throw error
  } finally {
    clearTimeout(timer)
    session.signal.removeEventListener('abort', stop)
    session.io.status('')
  }
}

async function fetchInto(session: Session, id: string, take: (bytes: Uint8Array) => void): Promise<void> {
  for (let offset = 0; ; ) {
    const part = (await callMethod(session, 'traces.read', { id, offset })) as {
      bytes: string
      next: number
      length: number
    }
    take(Buffer.from(part.bytes, 'base64'))
    if (part.next >= part.length || part.next <= offset) return
    offset = part.next
  }
}

function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (cause) {
    throw new AppError('trace.unwritable', { detail: { path }, cause })
  }
}

async function replay(session: Session, path: string): Promise<void> {
  const [{ readTrace }, { replayReport }] = await Promise.all([
    import('../host/link/trace/format.ts'),
    import('../host/device/replay.ts'),
  ])
  const report = await replayReport(await readTrace(bytesOf(path)), session.signal)
  session.print.value('trace.replay', report)
  if (report.trouble) session.exit(EXIT.device)
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AppError(missing ? 'file.not-found' : 'file.unreadable', { detail: { path }, cause })
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError('between 0 and 86400 seconds')
  return seconds
}
