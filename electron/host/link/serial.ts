import { writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { SerialPort } from 'serialport'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { parseAddress } from './address.ts'
import { Inbox } from './inbox.ts'
import type { ByteLink, LinkOpener } from './link.ts'
import { orAborted, throwIfAborted } from './waiting.ts'

const DEFAULT_BAUD = 115_200

/**
 * Opens serial ports by the real `serialport` package, loaded on first use because its native part
 * costs start-up time. Pseudo-terminals work: no modem line is ever asked for, since they answer
 * ENOTTY. Throws `link.busy`, `link.no-permission`, `link.not-found`, `link.io`.
 */
export function serialOpener(): LinkOpener {
  return {
    scheme: 'serial',
    async open(address, options, signal) {
      const parsed = parseAddress(address)
      if (parsed.scheme !== 'serial') throw new AppError('link.bad-address', { detail: { address } })
      const { SerialPort } = await import('serialport')
      throwIfAborted(signal)
      const port = new SerialPort({ path: parsed.path, baudRate: options.baud ?? DEFAULT_BAUD, autoOpen: false })
      const opened = new Promise<void>((resolve, reject) => {
        port.open((error) => (error ? reject(openError(error, address)) : resolve()))
      })
      try {
        await orAborted(opened, signal)
      } catch (error) {
        // An open that was given up may still succeed, and would then lock the port for good.
        opened.then(
          () => port.close(() => {}),
          () => {},
        )
        throw error
      }
      return serialLink(port, address, parsed.path)
    },
  }
}

/** ms between looks whether the port is still there. */
const WATCH_MS = 500

function serialLink(port: SerialPort, address: string, path: string): ByteLink {
  const inbox = new Inbox<Uint8Array>()
  const lost = (cause?: unknown) => {
    inbox.end(new AppError('link.lost', { detail: { address }, cause }))
    clearInterval(watch)
  }
  // A terminal that hangs up while a read is under way reads as "0 bytes", and the native binding then reads
  // again for ever (bindings-cpp 13, unix-read). Unplugged ports leave the file system: that is looked for.
  // (Windows has no such file, and reports the loss by itself.)
  const look = () => void lookFor(path, () => port.close(() => lost()))
  const watch = process.platform === 'win32' ? undefined : setInterval(look, WATCH_MS).unref()
  // A port without a data listener never notices that it was unplugged.
  port.on('data', (bytes: Buffer) => inbox.put(new Uint8Array(bytes)))
  port.on('close', lost)
  port.on('error', lost)

  return {
    kind: 'serial',
    address,
    read: (signal) => inbox.take(signal),
    async write(bytes, signal) {
      throwIfAborted(signal)
      if (inbox.ended) throw inbox.ended
      const taken = writeAtOnce(port, bytes)
      if (taken === bytes.length) return
      const written = new Promise<void>((resolve, reject) => {
        port.write(Buffer.from(bytes.buffer, bytes.byteOffset + taken, bytes.length - taken), (error) => {
          if (!error) return resolve()
          lost(error)
          reject(new AppError('link.lost', { detail: { address }, cause: error }))
        })
      })
      await orAborted(written, signal)
    },
    async setBaud(baudRate, signal) {
      throwIfAborted(signal)
      if (inbox.ended) throw inbox.ended
      const changed = new Promise<void>((resolve, reject) => {
        const fail = (cause: Error) => reject(new AppError('link.io', { detail: { address, baud: baudRate }, cause }))
        // What is still on its way out would arrive at the new speed.
        port.drain((early) =>
          early ? fail(early) : port.update({ baudRate }, (late) => (late ? fail(late) : resolve())),
        )
      })
      await orAborted(changed, signal)
    },
    // Not tcflush: that would also throw away what we wrote and the line has not sent yet.
    discardInput: async () => inbox.clear(),
    async close() {
      lost()
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()))
    },
  }
}

/**
 * Gives the system what it takes at once; returns how much that was. The package itself sends each write to another
 * thread and back, for which a device waits that wants the next block. The file is non-blocking (bindings-cpp 13 opens
 * it so): what does not fit is left, and goes the package's way.
 */
function writeAtOnce(port: SerialPort, bytes: Uint8Array): number {
  const fd = process.platform !== 'win32' && port.port && 'fd' in port.port ? port.port.fd : null
  // Whatever still waits goes first.
  if (typeof fd !== 'number' || port.writableLength > 0) return 0
  try {
    return writeSync(fd, bytes)
  } catch {
    // A full buffer, or a port that is gone: the package meets the same, and knows what to do.
    return 0
  }
}

async function lookFor(path: string, gone: () => void): Promise<void> {
  try {
    await stat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') gone()
  }
}

/** Words of the native binding's error messages; it gives no codes. Windows says "Access denied" for a port in use. */
const OPEN_ERRORS: readonly [RegExp, ErrorCode][] = [
  [/cannot lock port|resource busy|temporarily unavailable|access denied/i, 'link.busy'],
  [/permission denied|operation not permitted/i, 'link.no-permission'],
  [/no such file|file not found|no such device/i, 'link.not-found'],
]

/** What kept a port from opening, from the words of the native binding. */
export function openError(error: Error, address: string): AppError {
  const code = OPEN_ERRORS.find(([words]) => words.test(error.message))?.[1] ?? 'link.io'
  return new AppError(code, { detail: { address }, cause: error })
}
