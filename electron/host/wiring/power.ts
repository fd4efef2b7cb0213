import type { Power, ShellContract } from '../../../shared/contract/shell.ts'
import type { Client } from '../../../shared/rpc/define.ts'
import { Changes } from './changes.ts'

const UNKNOWN: Power = { battery: null, onMains: null }

/** The laptop's own power as the shell last said it. Unknown until then, and again once the shell is gone. */
export class PowerWatch extends Changes {
  #power = UNKNOWN
  readonly #stop: () => void

  constructor(shell: Client<ShellContract>) {
    super()
    this.#stop = shell.shell.power(null, { value: (power) => this.#set(power), end: () => this.#set(UNKNOWN) })
  }

  get current(): Power {
    return this.#power
  }

  close(): void {
    this.#stop()
  }

  #set(power: Power): void {
    this.#power = power
    this.tell()
  }
}
