import { sleep } from '../../host/link/waiting.ts'
import type { Faults } from '../faults.ts'
import type { Channel } from './console-channel.ts'

/** Loses, doubles and delays packets of a channel by chance, in both directions. */
export function lossyChannel(inner: Channel, faults: () => Faults, random: () => number): Channel {
  const waiting: Uint8Array[] = []
  const later = (ms: number, signal: AbortSignal, act: () => unknown) => {
    sleep(ms, signal).then(act, () => {})
  }
  return {
    print: (text, signal) => inner.print(text, signal),
    async receive(signal) {
      for (;;) {
        const doubled = waiting.shift()
        if (doubled) return doubled
        const packet = await inner.receive(signal)
        const { drop, duplicate, late, lateMs } = faults()
        if (random() < drop) continue
        // A late packet waits until the next one comes: overtaken, as on a network.
        if (random() < late) {
          later(lateMs, signal, () => waiting.push(packet))
          continue
        }
        if (random() < duplicate) waiting.push(packet)
        return packet
      }
    },
    async send(packet, signal) {
      const { drop, duplicate, late, lateMs } = faults()
      if (random() < drop) return
      if (random() < late) {
        later(lateMs, signal, () => inner.send(packet, signal).catch(() => {}))
        return
      }
      await inner.send(packet, signal)
      if (random() < duplicate) await inner.send(packet, signal)
    },
  }
}
