import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/**
 * The other end of the guest's FTDI adapter. QEMU's adapter is plugged in while somebody is connected to its line, so
 * that hanging up pulls it out. Orders come over the guest's console, one a line: `@ plug`, `@ pull`,
 * `@ receive NAME` (lrzsz `rb` into the folder NAME of the shared one; its exit code is put into NAME.rc).
 */
export class FarEnd {
  readonly #path: string
  readonly #shared: string
  #socket: Socket | null = null
  #receiver: ChildProcess | null = null

  constructor(path: string, shared: string) {
    this.#path = path
    this.#shared = shared
  }

  obey(console: Readable): void {
    createInterface({ input: console }).on('line', (line) => {
      const [, order, name = ''] = /@ (plug|pull|receive)(?: ([\w-]+))?/.exec(line) ?? []
      if (order === 'plug') this.#plug()
      else if (order === 'pull') this.close()
      else if (order === 'receive') this.#receive(name)
    })
  }

  close(): void {
    this.#receiver?.kill('SIGKILL')
    this.#receiver = null
    this.#socket?.destroy()
    this.#socket = null
  }

  #plug(): void {
    const socket = connect(this.#path)
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', (bytes) => this.#receiver?.stdin?.write(bytes))
  }

  #receive(name: string): void {
    const into = join(this.#shared, name)
    mkdirSync(into)
    const receiver = spawn('rb', ['-q'], { cwd: into, stdio: ['pipe', 'pipe', 'ignore'] })
    this.#receiver = receiver
    receiver.stdin.on('error', () => {})
    receiver.stdout.on('data', (bytes: Buffer) => this.#socket?.write(bytes))
    receiver.on('exit', (code) => writeFileSync(`${into}.rc`, String(code)))
  }
}
