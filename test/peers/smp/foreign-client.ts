import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Foreign = 'smpclient' | 'toolkit'

/** Somebody else's client at work on a device: orders in, answers out. */
export class ForeignClient {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  /** `address`: as a link's; `raw:` in the place of `serial:` for a line without framing. */
  constructor(python: string, which: Foreign, address: string) {
    const script = fileURLToPath(new URL(`foreign_${which}.py`, import.meta.url))
    this.#child = spawn(python, [script, address], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  async ask(order: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error('the other client has ended')
    return JSON.parse(value) as Record<string, unknown>
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }
}
