import { parseReply } from '../../../electron/host/protocol/fastboot/reply.ts'
import {
  agreedPacket,
  encodePacket,
  initData,
  parsePacket,
  queryAnswer,
} from '../../../electron/host/protocol/fastboot/udp-packet.ts'
import { fastbootInterface } from '../../../electron/host/protocol/fastboot/usb-interface.ts'
import { type FuzzTarget, words } from '../target.ts'

/** Configuration, one interface of class ff/42/03, a bulk endpoint each way. */
const DESCRIPTOR = Buffer.from('0902200001010080fa0904000002ff4203000705810240000007050202400000', 'hex')

export const FASTBOOT: readonly FuzzTarget[] = [
  {
    name: 'fastboot answers',
    seeds: words('OKAYv1.1.0', 'FAILlocked', 'INFOerasing', 'DATA00010000', 'TEXTa'),
    run: parseReply,
  },
  {
    name: 'fastboot over UDP',
    seeds: [
      encodePacket({ kind: 'query', continues: false, sequence: 0, data: Uint8Array.of(1, 2) }),
      encodePacket({ kind: 'init', continues: false, sequence: 7, data: initData(1400) }),
      encodePacket({ kind: 'fastboot', continues: true, sequence: 8, data: Buffer.from('OKAY') }),
    ],
    run(bytes) {
      const packet = parsePacket(bytes)
      if (packet.kind === 'query') queryAnswer(packet)
      if (packet.kind === 'init') agreedPacket(packet, 1400)
    },
  },
  { name: 'fastboot interface', seeds: [DESCRIPTOR], run: (bytes) => fastbootInterface(bytes) },
]
