import { StringDecoder } from 'node:string_decoder'
import type { ClientChannel } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { SshRunOptions } from './link.ts'
import type { SshConnection } from './ssh-connect.ts'
import { sshError } from './ssh-errors.ts'
import { quoteArgv } from './ssh-quote.ts'
import { orAborted } from './waiting.ts'

const MAX_BYTES = 1024 * 1024

export interface RawOutcome {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/**
 * Runs one command on the device to its end. A command that is given up here may go on there until it reads or
 * writes. Throws `device.bad-frame`, `device.refused`, `link.lost`.
 */
export async function runCommand(
  { client, address, gone }: SshConnection,
  argv: readonly string[],
  options: SshRunOptions,
  signal: AbortSignal,
): Promise<RawOutcome> {
  const ended = AbortSignal.any([signal, gone])
  const program = argv[0] ?? ''
  let channel: ClientChannel | null = null
  const outcome = new Promise<RawOutcome>((resolve, reject) => {
    client.exec(quoteArgv(argv), (error, opened) => {
      if (error) return reject(new AppError('device.refused', { detail: { what: 'command', program }, cause: error }))
      channel = opened
      if (ended.aborted) return endNow(opened)
      // At once: the device may have said everything, its exit code included, in the packet that opened the channel.
      const tooLong = () => {
        reject(new AppError('device.bad-frame', { detail: { reason: 'too-long', program } }))
        endNow(opened)
      }
      const done = (said: RawOutcome | null) =>
        said ? resolve(said) : reject(new AppError('link.lost', { detail: { address } }))
      listen(opened, options, { done, failed: reject, tooLong })
      opened.end(options.stdin)
    })
  })
  try {
    return await orAborted(outcome, ended)
  } catch (error) {
    if (channel) endNow(channel)
    throw sshError(error, address, ended)
  }
}

interface Ends {
  /** Null: the channel closed before the device told how the command ended. */
  readonly done: (said: RawOutcome | null) => void
  readonly failed: (error: unknown) => void
  readonly tooLong: () => void
}

/** Takes in all that a command says. */
function listen(
  channel: ClientChannel,
  { onLine, maxBytes = MAX_BYTES }: SshRunOptions,
  { done, failed, tooLong }: Ends,
): void {
  const gather = (from: 'stdout' | 'stderr') => {
    const chunks: Buffer[] = []
    const lines = onLine && lineSplitter((line) => onLine(line, from))
    let size = 0
    return {
      end: () => {
        lines?.end()
        return Buffer.concat(chunks)
      },
      add(chunk: Buffer) {
        size += chunk.length
        if (size > maxBytes) return tooLong()
        chunks.push(chunk)
        lines?.add(chunk)
      },
    }
  }
  const [out, err] = [gather('stdout'), gather('stderr')]
  let exit: { readonly code: number | null } | null = null
  channel.on('exit', (code: number | null) => {
    exit = { code }
  })
  channel.on('data', (chunk: Buffer) => out.add(chunk))
  channel.stderr.on('data', (chunk: Buffer) => err.add(chunk))
  channel.on('error', failed)
  // Comes only once both streams have been drained.
  channel.on('close', () => {
    const said = { stdout: out.end(), stderr: err.end() }
    done(exit && { ...exit, ...said })
  })
}

/** What it says from here on is thrown away as it comes, and not kept. */
function endNow(channel: ClientChannel): void {
  channel.removeAllListeners('data').resume()
  channel.stderr.removeAllListeners('data').resume()
  channel.on('error', () => {})
  channel.close()
}

/** Cuts text into lines wherever the pieces end, characters of several bytes included. */
function lineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return {
    add(chunk: Buffer) {
      const lines = (rest + decoder.write(chunk)).split(/[\r\n]/)
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') onLine(line)
    },
    end() {
      const last = rest + decoder.end()
      rest = ''
      if (last !== '') onLine(last)
    },
  }
}
