import { decodeVendor } from '../../../electron/host/device/drivers/dfu/read.ts'
import { dfuInterface, stringOf } from '../../../electron/host/protocol/dfu/descriptors.ts'
import { groundFor, parseLayout } from '../../../electron/host/protocol/dfu/layout.ts'
import { parseStatus } from '../../../electron/host/protocol/dfu/status.ts'
import { configurationDescriptor, stringDescriptor } from '../../../electron/sim/usb/descriptors.ts'
import { type FuzzTarget, words } from '../target.ts'

const face = {
  vid: 0x0483,
  pid: 0xdf11,
  release: 0x0100,
  strings: ['Acme Marine', 'Bow thruster', 'TH-1'],
  protocol: 2 as const,
  memories: ['@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg', '@OTP Memory /0x1FFF7800/01*512 e'],
  attributes: 11,
  transferSize: 2048,
  version: 0x011a,
} as const
const descriptor = configurationDescriptor({ ...face, strings: [...face.strings], memories: [...face.memories] })
const strings = [1, 2, 3, 4, 5].flatMap(
  (at) => stringDescriptor({ ...face, strings: [...face.strings], memories: [...face.memories] }, at) ?? [],
)

export const USB: readonly FuzzTarget[] = [
  { name: 'USB configuration descriptor', seeds: [descriptor], run: (bytes) => dfuInterface(bytes) },
  { name: 'USB string descriptor', seeds: strings, run: (bytes) => stringOf(bytes) },
  {
    name: 'DFU status and vendor answers',
    seeds: [Uint8Array.of(0, 0x68, 0, 0, 4, 0), Uint8Array.of(10, 0, 0, 0, 10, 0)],
    run(bytes) {
      for (const as of ['text', 'u8', 'i16', 'u32'] as const) {
        try {
          decodeVendor(bytes, as)
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'AppError') throw error
        }
      }
      parseStatus(bytes)
    },
  },
  {
    name: 'DfuSe memory layout',
    seeds: words(...face.memories, '@Two /0x0/1*1Ka/0x1000/2*2Kg'),
    run(bytes) {
      const layout = parseLayout(Buffer.from(bytes).toString('utf8'))
      groundFor(layout, layout[0]?.from ?? 0, 1024)
    },
  },
]
