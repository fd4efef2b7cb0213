import type { Wire } from './wire.ts'

/** The end of one end of a wire: it comes once, whoever brings it about, and is told once. */
export class WireEnd {
  #isOpen = true
  #listener: (() => void) | undefined

  get isOpen(): boolean {
    return this.#isOpen
  }

  readonly onClose: Wire['onClose'] = (listener) => {
    this.#listener = listener
  }

  readonly come = (): void => {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#listener?.()
  }
}
