import { z } from 'zod'
import { Slug } from './text.ts'

const usbId = z.string().regex(/^[0-9a-f]{4}$/, 'four lower-case hex digits')

/** What a partition or a variable may be called: one word behind a colon, 64 bytes with the command. */
const Word = z
  .string()
  .max(48)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'letters, digits, `_`, `.`, `-`')

const common = {
  driver: z.literal('fastboot'),
  /** By component, the partition that holds it; a component that is not named has one of its own name. */
  partitions: z.record(Slug, Word).default({}),
  /**
   * The partitions have two slots, `NAME_a` and `NAME_b`: the one that is written is the one that does not hold the
   * running version, and the device is told to start from it. It must tell `current-slot` and `slot-successful`.
   */
  slots: z.boolean().default(false),
  /** Lets the device start what was written. */
  restart: z.enum(['reboot', 'continue']).default('reboot'),
}

/** A device that waits in its boot loader's fastboot mode on the network. No protection at all: a cable of its own, or a workshop. */
export const FastbootUdpBinding = z.object({
  ...common,
  link: z.literal('udp'),
  port: z.int().min(1).max(65_535).default(5554),
})

/** The same on USB: an interface of class ff/42/03. */
export const FastbootUsbBinding = z.object({
  ...common,
  link: z.literal('usb'),
  usb: z
    .array(z.object({ vid: usbId, pid: usbId }))
    .min(1)
    .max(8),
})

export type FastbootBinding = z.infer<typeof FastbootUdpBinding> | z.infer<typeof FastbootUsbBinding>

/** A variable of the boot loader: `fastboot getvar NAME`. */
export const FastbootSource = z.strictObject({
  from: z.literal('fastboot.var'),
  name: z
    .string()
    .max(48)
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/, 'a variable'),
  /** Picks one group out of it. */
  match: z.string().max(200).optional(),
})
