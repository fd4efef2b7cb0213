import { sha256 } from '../../crypto/hash.ts'
import { unreadable } from '../source.ts'

const BLOCK = 4096
const DIGEST = 32

/**
 * The root of a dm-verity tree (format 1, SHA-256, blocks of 4096 bytes), made from the data as it streams by. Memory
 * grows with the height of the tree alone. Throws `artifact.unreadable` when the data is no whole number of blocks.
 */
export async function verityRoot(blocks: AsyncIterable<Uint8Array>, salt: Uint8Array): Promise<Uint8Array> {
  const levels: Level[] = []
  const push = (height: number, digest: Uint8Array): void => {
    levels[height] ??= new Level()
    const level = levels[height]
    const full = level.add(digest)
    if (full) push(height + 1, sha256(salt, full))
  }
  const rest = Buffer.alloc(BLOCK)
  let held = 0
  for await (const bytes of blocks) {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BLOCK - held)
      rest.set(part, held)
      held += part.length
      at += part.length
      if (held < BLOCK) continue
      push(0, sha256(salt, rest))
      held = 0
    }
  }
  if (held > 0 || levels.length === 0) throw unreadable('verity-size')
  for (let height = 0; ; height += 1) {
    const level = levels[height] as Level
    const top = height === levels.length - 1
    if (top && level.total === 1) return level.first
    const partial = level.flush()
    if (partial) push(height + 1, sha256(salt, partial))
  }
}

/** Digests of one height, gathered into blocks that are hashed for the next. */
class Level {
  readonly #block = Buffer.alloc(BLOCK)
  #filled = 0
  total = 0

  /** The block when it is full, to be hashed before the next digest comes. */
  add(digest: Uint8Array): Uint8Array | null {
    this.#block.set(digest, this.#filled)
    this.#filled += DIGEST
    this.total += 1
    if (this.#filled < BLOCK) return null
    this.#filled = 0
    return this.#block
  }

  get first(): Uint8Array {
    return new Uint8Array(this.#block.subarray(0, DIGEST))
  }

  /** What is left, filled with zeros; null when nothing is. */
  flush(): Uint8Array | null {
    if (this.#filled === 0) return null
    this.#block.fill(0, this.#filled)
    this.#filled = 0
    return this.#block
  }
}
