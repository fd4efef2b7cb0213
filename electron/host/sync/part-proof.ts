import { createHasher } from '../crypto/hash.ts'
import { BlockCheck } from '../delta/block-table.ts'

/** Hashes a download as it comes; where its blocks are known, nothing wrong enters the hash. */
export class PartProof {
  readonly #hasher = createHasher()
  readonly #blocks: BlockCheck | null

  /** `blocks`: the table of a file of `length` bytes; none: only the whole can be proved. */
  constructor({ blocks, length }: { readonly blocks?: Uint8Array | null; readonly length: number }) {
    this.#blocks = blocks ? new BlockCheck(blocks, length) : null
  }

  /** Bytes from the beginning that are proved; null where only the whole can be. */
  get proved(): number | null {
    return this.#blocks?.proved ?? null
  }

  /** The next bytes. False when a block turned out wrong: go on from {@link proved}. */
  push(bytes: Uint8Array): boolean {
    if (!this.#blocks) {
      this.#hasher.update(bytes)
      return true
    }
    const blocks = this.#blocks.push(bytes)
    for (let next = blocks.next(); ; next = blocks.next()) {
      if (next.done) return next.value
      this.#hasher.update(next.value)
    }
  }

  /** Ends it. */
  hex(): string {
    return this.#hasher.hex()
  }
}
