import { decodeBody, encodeBody } from '../../../electron/host/protocol/smp/body.ts'
import { ConsoleDecoder, encodeConsole } from '../../../electron/host/protocol/smp/console-framing.ts'
import { slotsOf } from '../../../electron/host/protocol/smp/image.ts'
import { decodePacket, encodePacket, splitPacket } from '../../../electron/host/protocol/smp/packet.ts'
import { refusalError, refusalIn } from '../../../electron/host/protocol/smp/refusal.ts'
import { smpDialect } from '../../../electron/host/protocol/smp/trace-dialect.ts'
import type { FuzzTarget } from '../target.ts'

const images = {
  images: [
    { slot: 0, version: '2.4.0', hash: Buffer.alloc(32, 1), bootable: true, confirmed: true, active: true },
    { image: 1, slot: 1, version: '2.5.0', hash: Buffer.alloc(32, 2), bootable: true, pending: true, permanent: false },
  ],
  splitStatus: 0,
}
const bodies = [
  images,
  { rc: 3 },
  { err: { group: 1, rc: 14 } },
  { off: 512 },
  { r: 'echo' },
  { buf_size: 384, buf_count: 4 },
]
const packets = bodies.map((body, seq) =>
  encodePacket({ version: seq % 2 === 0 ? 1 : 2, op: 1, group: 1, id: 0, seq, body }),
)
const asked = { group: 1, id: 0 }

export const SMP: readonly FuzzTarget[] = [
  {
    name: 'SMP packet',
    seeds: packets,
    run(bytes) {
      splitPacket(bytes)
      decodePacket(bytes)
    },
  },
  { name: 'SMP body (CBOR)', seeds: bodies.map(encodeBody), run: (bytes) => decodeBody(bytes) },
  {
    name: 'SMP image list and refusals',
    seeds: bodies.map(encodeBody),
    run(bytes) {
      const body = decodeBody(bytes)
      const refusal = refusalIn(body)
      if (refusal) refusalError(refusal, asked)
      slotsOf(body)
    },
  },
  {
    name: 'SMP over a console',
    seeds: [Buffer.concat([Buffer.from('\r\nuart:~$ \n'), ...packets.map(encodeConsole)])],
    run(bytes) {
      const decoder = new ConsoleDecoder()
      for (const packet of decoder.push(bytes).packets) smpDialect('console').key(packet)
      // Whatever was on the line, the next packet is understood.
      const whole = encodeConsole(packets[0] ?? new Uint8Array())
      if (decoder.push(Buffer.concat([Buffer.from('\n'), whole])).packets.length === 0) throw new Error('deaf')
    },
  },
]
