import { AppError } from '../../../shared/errors.ts'
import { Inbox } from './inbox.ts'
import type { ByteLink, DatagramLink } from './link.ts'
import { throwIfAborted } from './waiting.ts'

/** Two byte links, each the other's far end, for a simulated device in the same process. */
export function memoryBytePair(address: string): readonly [ByteLink, ByteLink] {
  const [left, right] = [new Inbox<Uint8Array>(), new Inbox<Uint8Array>()]
  const end = (mine: Inbox<Uint8Array>, theirs: Inbox<Uint8Array>): ByteLink => ({
    kind: 'memory',
    address,
    read: (signal) => mine.take(signal),
    write: async (bytes, signal) => {
      throwIfAborted(signal)
      if (mine.ended) throw mine.ended
      theirs.put(bytes.slice())
    },
    discardInput: async () => mine.clear(),
    close: async () => {
      mine.end(new AppError('link.lost', { detail: { address } }))
      theirs.end(new AppError('link.lost', { detail: { address } }))
    },
  })
  return [end(left, right), end(right, left)]
}

/** Two datagram links. Packets longer than `maxPayload` are dropped, as a network without fragmentation does. */
export function memoryDatagramPair(address: string, maxPayload = 1472): readonly [DatagramLink, DatagramLink] {
  const [left, right] = [new Inbox<Uint8Array>(), new Inbox<Uint8Array>()]
  const end = (mine: Inbox<Uint8Array>, theirs: Inbox<Uint8Array>): DatagramLink => ({
    kind: 'udp',
    address,
    maxPayload,
    receive: (signal) => mine.take(signal),
    send: async (bytes, signal) => {
      throwIfAborted(signal)
      if (mine.ended) throw mine.ended
      if (bytes.length <= maxPayload) theirs.put(bytes.slice())
    },
    close: async () => mine.end(new AppError('link.lost', { detail: { address } })),
  })
  return [end(left, right), end(right, left)]
}
