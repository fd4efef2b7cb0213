import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { Depot, type DepotOptions } from '../depot.ts'
import { KeyStore } from '../key-store.ts'
import type { DepotIo } from './io.ts'

/** Options that every depot command has, from the command or from `slipway depot` before it. */
interface Common {
  readonly depot: string
  readonly passphraseFile?: string
  readonly askPassphrase?: boolean
  readonly json?: boolean
}

/** A command's way to its depot and to its reader. */
export class CommandContext {
  readonly #io: DepotIo
  readonly #common: Common

  constructor(command: Command, io: DepotIo) {
    this.#io = io
    this.#common = command.optsWithGlobals<Common>()
  }

  get dir(): string {
    return this.#common.depot
  }

  async options(): Promise<DepotOptions> {
    return { clock: this.#io, passphrase: await this.#passphrase() }
  }

  async open(): Promise<Depot> {
    return Depot.open(this.dir, await this.options())
  }

  /** Keys in a folder that is no depot: on a stick, or on the machine that signs. */
  async keysIn(dir: string): Promise<KeyStore> {
    return new KeyStore(dir, await this.#passphrase())
  }

  /** The passphrase that is to be from now on; null for none. */
  async newPassphrase(file: string | undefined): Promise<string | null> {
    return file === undefined ? null : firstLine(Buffer.from(await this.#io.readFile(file)).toString('utf8'))
  }

  /** One value for a script, lines for a person. */
  print(value: unknown, lines: readonly string[]): void {
    if (this.#common.json) this.#io.out(JSON.stringify(value))
    else for (const line of lines) this.#io.out(line)
  }

  /** A secret is never a flag: command lines are visible to every user of a machine. */
  async #passphrase(): Promise<string | null> {
    const { passphraseFile, askPassphrase } = this.#common
    if (passphraseFile !== undefined) {
      const text = Buffer.from(await this.#io.readFile(passphraseFile)).toString('utf8')
      return firstLine(text)
    }
    return askPassphrase ? firstLine(await this.#io.askSecret('Passphrase of the depot: ', this.#io.signal)) : null
  }
}

function firstLine(text: string): string {
  const line = text.split(/\r?\n/)[0] ?? ''
  if (line === '') throw new AppError('people.wrong-passphrase')
  return line
}

/** Adds to a list: an option that may be given several times. */
export function collect(value: string, list: readonly string[] = []): string[] {
  return [...list, value]
}
