import type { Wire } from './wire.ts'

/** Two ends of a wire inside one process: tests, and a client in the host's own process. */
export function memoryWirePair(): [Wire, Wire] {
  const ends = [new MemoryEnd(), new MemoryEnd()] as const
  ends[0].peer = ends[1]
  ends[1].peer = ends[0]
  return [ends[0], ends[1]]
}

class MemoryEnd implements Wire {
  peer!: MemoryEnd
  #open = true
  #onMessage: ((message: unknown) => void) | undefined
  #onClose: (() => void) | undefined
  readonly #early: unknown[] = []

  send(text: string): void {
    if (!this.#open) return
    // Never in the caller's own stack: a real wire does not do that either.
    queueMicrotask(() => this.peer.#deliver(text))
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage = listener
    for (const message of this.#early.splice(0)) listener(message)
  }

  onClose(listener: () => void): void {
    this.#onClose = listener
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    queueMicrotask(() => this.peer.#closedByPeer())
    this.#onClose?.()
  }

  #deliver(message: unknown): void {
    if (!this.#open) return
    if (this.#onMessage) this.#onMessage(message)
    else this.#early.push(message)
  }

  #closedByPeer(): void {
    if (!this.#open) return
    this.#open = false
    this.#onClose?.()
  }
}
