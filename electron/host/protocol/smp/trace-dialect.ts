import type { Dialect } from '../../link/trace/dialect.ts'
import { ConsoleDecoder, encodeConsole } from './console-framing.ts'
import { OP, splitPacket } from './packet.ts'

/** Byte of the SMP header that counts requests. */
const SEQ = 6
const OS_ECHO = { group: 0, id: 0 } as const

/** SMP in traces: packets are compared without their sequence numbers, and answered with those of the request. */
export function smpDialect(kind: 'console' | 'datagram'): Dialect {
  return {
    reader() {
      if (kind === 'datagram') return packetsIn
      const decoder = new ConsoleDecoder()
      return (bytes) => decoder.push(bytes).packets
    },
    key: (request) => Buffer.from(numbered(request, 0)).toString('base64'),
    changes(request) {
      const { op, group, id } = headerOf(request)
      return op === OP.write && !(group === OS_ECHO.group && id === OS_ECHO.id)
    },
    answers(said, request) {
      const [answer, question] = [headerOf(said), headerOf(request)]
      return answer.seq === question.seq && answer.group === question.group && answer.id === question.id
    },
    answer(said, _recorded, request) {
      const packet = numbered(said, headerOf(request).seq)
      return kind === 'datagram' ? packet : encodeConsole(packet)
    },
  }
}

function packetsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const packets: Uint8Array[] = []
  let rest = bytes
  for (let split = splitPacket(rest); split; split = splitPacket(rest)) {
    packets.push(rest.subarray(0, rest.length - split.rest.length))
    rest = split.rest
  }
  return packets
}

/** What cannot be split is nobody's packet. */
function headerOf(packet: Uint8Array) {
  return splitPacket(packet)?.header ?? { op: OP.write, group: -1, id: -1, seq: -1 }
}

function numbered(packet: Uint8Array, seq: number): Uint8Array {
  const copy = packet.slice()
  if (copy.length > SEQ) copy[SEQ] = seq & 0xff
  return copy
}
