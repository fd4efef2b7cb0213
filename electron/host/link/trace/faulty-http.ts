import type { HttpLink, HttpReply, TextSocket } from '../link.ts'
import type { BadLine } from './bad-line.ts'

/** A request that is lost never reaches the device; one whose answer is lost or cut may have. */
export function faultyHttp(link: HttpLink, line: BadLine): HttpLink {
  const answered = async <T extends object>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> => {
    const fate = line.fate(['drop', 'stall', 'truncate', 'unplug'])
    if (fate === 'stall') await line.pause(signal)
    if (fate === 'drop') throw line.lost()
    const reply = await ask()
    line.check()
    if (fate !== 'truncate') return reply
    // The device has done it, and nobody hears of it: or hears half.
    if (!('body' in reply) || line.coin()) throw line.lost()
    return { ...reply, body: line.cut((reply as unknown as HttpReply).body) }
  }
  return {
    kind: 'http',
    address: link.address,
    request: (request, signal) =>
      answered(signal, () => link.request(request, AbortSignal.any([signal, line.unplugged]))),
    async socket(path, headers, signal) {
      const opened = await answered(signal, () => link.socket(path, headers, signal))
      return 'status' in opened ? opened : faultySocket(opened, line)
    },
    close: () => link.close(),
  }
}

function faultySocket(socket: TextSocket, line: BadLine): TextSocket {
  const ready: (string | null)[] = []
  let held: string | null | undefined
  return {
    async receive(signal) {
      for (;;) {
        if (ready.length > 0) return ready.shift() ?? null
        const frame = await socket.receive(AbortSignal.any([signal, line.unplugged]))
        const fate = line.fate()
        if (fate === 'stall') await line.pause(signal)
        if (fate === 'reorder' && held === undefined) held = frame
        else {
          if (fate !== 'drop') ready.push(fate === 'truncate' ? (frame?.slice(0, frame.length / 2) ?? null) : frame)
          if (fate === 'duplicate') ready.push(frame)
          if (held !== undefined) ready.push(held)
          held = undefined
        }
      }
    },
    close: () => socket.close(),
  }
}
