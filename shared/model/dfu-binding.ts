import { z } from 'zod'
import { Slug } from './text.ts'

const usbId = z.string().regex(/^[0-9a-f]{4}$/, 'four lower-case hex digits')

const address = z.string().regex(/^0x[0-9a-fA-F]{1,8}$/, 'a hexadecimal address')

/** Where the device lies on the bus in one of its modes. */
export const DfuPlace = z.object({
  vid: usbId,
  pid: usbId,
  /** Only where the interface's own protocol number lies about it: DFU 1.0 devices say 0 in DFU mode. */
  mode: z.enum(['application', 'dfu']).optional(),
  /** Exact product string, where one USB id serves several types of device. */
  product: z.string().min(1).max(126).optional(),
})
export type DfuPlace = z.infer<typeof DfuPlace>

/** Where one component lives, for devices with several memories. */
export const DfuMemory = z.strictObject({
  /** Alternate setting of the DFU interface. */
  alternate: z.int().min(0).max(255).default(0),
  /** First byte of the component, DfuSe only: `0x08004000`. Default: the beginning of the memory. */
  address: address.optional(),
})
export type DfuMemory = z.infer<typeof DfuMemory>

/** How devices depart from DFU 1.1 and DfuSe, as data: what a device says of itself is believed unless this says otherwise. */
export const DfuQuirks = z.strictObject({
  /** Bytes a request, instead of `wTransferSize`. */
  transferSize: z.int().min(8).max(4096).optional(),
  /** Speaks DfuSe although its version number does not say so, or the other way round. */
  dfuse: z.boolean().optional(),
  willDetach: z.boolean().optional(),
  manifestationTolerant: z.boolean().optional(),
  canUpload: z.boolean().optional(),
  /** ms between questions for the status, instead of `bwPollTimeout`: some devices say hours. */
  pollMs: z.int().min(0).max(60_000).optional(),
  /** ms before the first question after the end of the data: some devices cannot answer at once. */
  manifestMs: z.int().min(0).max(60_000).default(0),
  /** Memory layout, where the name of the alternate setting tells none or a wrong one. */
  layout: z.string().max(300).optional(),
  /** Erases all of the memory at once: quicker on some parts, and the only way on others. */
  massErase: z.boolean().default(false),
  /** Wants blocks in ascending order. Otherwise the first block goes last, so that a half-written image never starts. */
  ascending: z.boolean().default(false),
  /** STM32H743 rev V stays in dfuDNBUSY after an erase that succeeded, until the status was cleared twice. */
  clearStuckBusy: z.boolean().default(false),
  /** Block number of the empty request that leaves DfuSe mode. */
  leaveBlock: z.union([z.literal(0), z.literal(2)]).default(2),
})
export type DfuQuirks = z.infer<typeof DfuQuirks>

/** A device with a USB DFU 1.1 or ST DfuSe boot loader. */
export const DfuBinding = z.object({
  driver: z.literal('dfu'),
  link: z.literal('usb'),
  /** Its application and its boot loader, which may have ids of their own. */
  usb: z.array(DfuPlace).min(1).max(8),
  /** By component; alternate setting 0 for those that are not named. */
  memories: z.record(Slug, DfuMemory).default({}),
  /** Where a DfuSe device starts. Default: the beginning of its memory. */
  start: address.optional(),
  quirks: DfuQuirks.prefault({}),
})
export type DfuBinding = z.infer<typeof DfuBinding>

/** What the USB bus itself tells of a device, without asking its application. */
export const UsbStringSource = z.strictObject({
  from: z.literal('usb'),
  /** `release`: `bcdDevice` as `2.10` for 0x0210. */
  field: z.enum(['serial', 'product', 'manufacturer', 'release']),
  /** Picks one group out of it. */
  match: z.string().max(200).optional(),
})

/** The answer to a vendor request to the application (never to a boot loader). */
export const UsbVendorSource = z.strictObject({
  from: z.literal('usb.vendor'),
  request: z.int().min(0).max(255),
  value: z.int().min(0).max(65_535).default(0),
  index: z.int().min(0).max(65_535).default(0),
  /** Text is UTF-8 up to its first zero byte; numbers are little-endian. */
  as: z.enum(['text', 'u8', 'i8', 'u16', 'i16', 'u32', 'i32']),
})
export type UsbVendorSource = z.infer<typeof UsbVendorSource>
