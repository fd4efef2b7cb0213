import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '../../shared/errors.ts'
import { Inbox } from '../host/link/inbox.ts'
import type { ByteLink } from '../host/link/link.ts'
import { sleep, throwIfAborted } from '../host/link/waiting.ts'

const PATIENCE_MS = 5000
const end = (link: string) => `pty,raw,echo=0,link=${link}`

/** A pseudo-terminal with this process at its far end: what a USB serial adapter is to the console. */
export interface Pty {
  /** Path of the console's end. */
  readonly path: string
  readonly device: ByteLink
  /** Pulls the plug: the console's end hangs up, and its path is gone. */
  close(): Promise<void>
}

/**
 * Opens a pseudo-terminal by `socat`, which ends with this process however that ends. `name` is part of the path.
 * Throws `link.unsupported` where there is no socat.
 */
export async function openPty(dir: string, name: string): Promise<Pty> {
  const path = join(dir, `tty-${name}`)
  const cable = await Cable.open(dir, ['STDIO', end(path)], [path], 'pipe')
  const { stdin, stdout } = cable.process as ChildProcess & { stdin: Writable; stdout: Readable }
  const inbox = new Inbox<Uint8Array>()
  const lost = () => inbox.end(new AppError('link.lost', { detail: { address: path } }))
  stdout.on('data', (bytes: Buffer) => inbox.put(new Uint8Array(bytes)))
  stdout.on('close', lost)
  stdin.on('error', lost)
  const close = async () => {
    lost()
    await cable.close()
  }
  const device: ByteLink = {
    kind: 'memory',
    address: path,
    read: (signal) => inbox.take(signal),
    async write(bytes, signal) {
      throwIfAborted(signal)
      if (inbox.ended) throw inbox.ended
      await new Promise<void>((resolve) => stdin.write(bytes, () => resolve()))
    },
    discardInput: async () => inbox.clear(),
    close,
  }
  return { path, device, close }
}

/** Two pseudo-terminals joined back to back: a serial cable in software. */
export interface PtyPair {
  readonly host: string
  readonly device: string
  close(): Promise<void>
}

export async function openPtyPair(dir: string, name: string): Promise<PtyPair> {
  const [host, device] = [join(dir, `tty-${name}`), join(dir, `tty-${name}-device`)]
  const cable = await Cable.open(dir, [end(host), end(device)], [host, device], 'ignore')
  return { host, device, close: () => cable.close() }
}

/** A running socat, and the files that keep it running. */
class Cable {
  readonly process: ChildProcess
  readonly #ended: Promise<void>
  #isOver = false
  #holds: number[] = []

  private constructor(args: readonly string[], stdio: 'pipe' | 'ignore') {
    // A group of its own: Ctrl-C at a terminal reaches the console, and not the cable to a device that is being written.
    this.process = spawn('socat', args, { stdio: [stdio, stdio, 'ignore'], detached: stdio === 'pipe' })
    this.#ended = new Promise((resolve) => {
      const over = () => {
        this.#isOver = true
        resolve()
      }
      this.process.once('exit', over)
      this.process.once('error', over)
    })
  }

  static async open(
    dir: string,
    args: readonly string[],
    paths: readonly string[],
    stdio: 'pipe' | 'ignore',
  ): Promise<Cable> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const cable = new Cable(args, stdio)
    try {
      for (const path of paths) await cable.#appeared(path)
      // socat ends when a terminal has no reader left: an open file keeps the cable while the console restarts.
      const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK
      cable.#holds = paths.map((path) => openSync(path, flags))
      return cable
    } catch (error) {
      await cable.close()
      throw error
    }
  }

  async close(): Promise<void> {
    for (const fd of this.#holds.splice(0)) closeSync(fd)
    this.process.kill('SIGTERM')
    await this.#ended
  }

  async #appeared(path: string): Promise<void> {
    const patience = AbortSignal.timeout(PATIENCE_MS)
    while (!this.#isOver && !patience.aborted) {
      const there = await stat(path).then(
        () => true,
        () => false,
      )
      if (there) return
      await sleep(5, patience).catch(() => {})
    }
    throw new AppError('link.unsupported', { detail: { what: 'socat' } })
  }
}
