import type { ByteLink } from '../../host/link/link.ts'
import { RawDecoder } from '../../host/protocol/smp/raw-framing.ts'
import type { Channel } from './console-channel.ts'

/** A device's end of a line that carries bare packets, and no word of a console. */
export function rawChannel(link: ByteLink): Channel {
  const decoder = new RawDecoder()
  const ready: Uint8Array[] = []
  return {
    async receive(signal) {
      for (;;) {
        const packet = ready.shift()
        if (packet) return packet
        ready.push(...decoder.push(await link.read(signal)))
      }
    },
    send: (bytes, signal) => link.write(bytes, signal),
    async print() {},
  }
}
