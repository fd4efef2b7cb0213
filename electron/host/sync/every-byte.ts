import type { Readable } from 'node:stream'

/** Parts that may wait for a slow disk before the sender is held back. */
const WAITING_PARTS = 16

/**
 * Listens from this call on, and gives the parts of a stream up to the very last one that came, also when it then breaks: Node's own iterator throws
 * away what it has buffered, and on a link that is cut every few seconds that is much of what got through.
 */
export function everyByte(stream: Readable): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = []
  let outcome: { readonly error: Error | null } | null = null
  let wake: () => void = () => {}
  const finish = (error: Error | null) => {
    outcome ??= { error }
    wake()
  }
  stream.on('data', (part: Uint8Array) => {
    parts.push(part)
    if (parts.length >= WAITING_PARTS) stream.pause()
    wake()
  })
  stream.on('end', () => finish(null))
  stream.on('error', (error) => finish(error))
  stream.on('close', () => finish(Object.assign(new Error('closed early'), { code: 'ECONNRESET' })))
  return (async function* () {
    for (;;) {
      const part = parts.shift()
      if (part) {
        if (parts.length === 0) stream.resume()
        yield part
      } else if (outcome) {
        const { error } = outcome as { readonly error: Error | null }
        if (error) throw error
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  })()
}
