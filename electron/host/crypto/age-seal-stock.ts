import { type WrapKey, wrapKeys } from './age-seal-x25519.ts'

/** Makes `count` wrap keys for a recipient elsewhere, and gives them as {@link packWrapKeys} writes them. */
export type PrepareWrapKeys = (recipient: Uint8Array, count: number) => Promise<Uint8Array>

/** Wrap keys made ahead for each recipient, and the number below which more are asked for. */
const STOCK = 512
const REFILL_BELOW = 384
/** Entries that are sealed without a stock first: a console that is only started and looked at needs no thread for it. */
const WARM_UP = 32
const SHARE = 32
const PACKED = 64

/** What a worker does for {@link PrepareWrapKeys}: shares and keys, one after the other. */
export function packWrapKeys(recipient: Uint8Array, count: number): Uint8Array {
  const next = wrapKeys(recipient)
  const packed = new Uint8Array(count * PACKED)
  for (let at = 0; at < packed.length; at += PACKED) {
    const { share, key } = next()
    packed.set(share, at)
    packed.set(key, at + SHARE)
  }
  return packed
}

/**
 * Fresh wrap keys from a stock that is filled elsewhere: two thirds of what sealing an entry costs does
 * not depend on the entry. Each is used once. While the stock is empty they are made here and now, so
 * that sealing never waits for the other thread, and does without it when it fails.
 */
export function stockedWrapKeys(recipient: Uint8Array, prepare: PrepareWrapKeys): () => WrapKey {
  const make = wrapKeys(recipient)
  const stock: WrapKey[] = []
  let asked = false
  let used = 0
  const refill = async () => {
    asked = true
    try {
      const packed = await prepare(recipient, STOCK - stock.length)
      for (let at = 0; at + PACKED <= packed.length; at += PACKED) {
        stock.push({ share: packed.slice(at, at + SHARE), key: packed.slice(at + SHARE, at + PACKED) })
      }
      packed.fill(0)
      asked = false
    } catch {
      // Stays asked: what failed once would fail for every entry.
    }
  }
  return () => {
    used += 1
    if (used > WARM_UP && stock.length < REFILL_BELOW && !asked) void refill()
    return stock.pop() ?? make()
  }
}
