import { z } from 'zod'
import { DurationText } from './duration.ts'

const usbId = z.string().regex(/^[0-9a-f]{4}$/, 'four lower-case hex digits')

/** What may be typed at a console: one line of printable ASCII. */
const Line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, 'printable ASCII')

const Pattern = z.string().min(1).max(200)

/**
 * A command to the boot loader and what its answer must look like. In `send`, `{address}`, `{length}` and `{blocks}`
 * (of 512 bytes) stand for the image in memory, as hexadecimal numbers; `{version}` for its version.
 */
export const ConsoleStep = z
  .strictObject({
    send: Line,
    /** A regular expression that the answer must match. Without one any answer will do: say what you expect. */
    expect: Pattern.optional(),
    /** The first group of `expect` is the CRC-32 of the image as the device sees it, in hex. It must be right. */
    crc32: z.boolean().default(false),
    within: DurationText.default('5s'),
  })
  .refine(({ crc32, expect }) => !crc32 || expect !== undefined, 'a checksum needs an `expect` that finds it')
export type ConsoleStep = z.infer<typeof ConsoleStep>

/** A command of the application that only reads, and what to take from its answer. */
const Question = z.strictObject({ send: Line, match: Pattern.optional() })

/** Loads over the network: the console serves the image to this device alone, and for this transfer alone. */
const TftpLoad = z.strictObject({
  /** Brings the boot loader's network up, once before the transfers. Only what does not last: `setenv`, not `saveenv`. */
  prepare: z.array(ConsoleStep).max(20).default([]),
  /** Tells the boot loader's own address: `printenv ipaddr`. */
  device: Question,
  /**
   * Port of the console. Most boot loaders know no other than 69, which some systems keep for administrators;
   * with 0 it is any that is free, for those which can be told (`setenv tftpdstp {port}`).
   */
  port: z.int().min(0).max(65_535).default(69),
})

/** A transfer at another speed than the console's, as U-Boot does it: it asks for ENTER at the new one and for ESC at the old. */
const OtherSpeed = z.strictObject({
  baud: z.int().min(300).max(4_000_000),
  /** Text by which it asks for ENTER, and for ESC. */
  enter: z.string().min(1).max(100).default('press ENTER ...'),
  escape: z.string().min(1).max(100).default('press ESC ...'),
})

/** The answer to a command: each mode of the device has its own console, and may have no answer. */
export const ConsoleSource = z.strictObject({
  from: z.literal('console'),
  application: Question.optional(),
  bootloader: Question.optional(),
})
export type ConsoleSource = z.infer<typeof ConsoleSource>

/** What the device printed by itself while it started; the newest that matches. */
export const BannerSource = z.strictObject({ from: z.literal('console.banner'), match: Pattern })

/** The text that stands alone on the last line when the console waits for a command. */
const Prompt = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[\x20-\x7e]+$/, 'printable ASCII')

const LoadByScript = z
  .strictObject({
    protocol: z.enum(['ymodem', 'xmodem-1k', 'xmodem', 'tftp']).default('ymodem'),
    /** For `tftp`, `{server}`, `{port}` and `{file}` stand for the console's address, its port and the name it serves. */
    send: Line,
    /** Text that says that the receiver is ready. */
    ready: z.string().min(1).max(100).optional(),
    address: z.string().regex(/^0x[0-9a-f]{1,12}$/, 'a hexadecimal address'),
    /**
     * Bytes a transfer. The console is deaf while a transfer goes on: watched conditions are read in between. Without
     * it a plan that watches conditions which this console tells is stopped at the first look.
     */
    piece: z.int().min(1024).multipleOf(1024).optional(),
    /** For the receiver to be ready; for `tftp` the longest without a block that arrives. */
    within: DurationText.default('10s'),
    tftp: TftpLoad.optional(),
    speed: OtherSpeed.optional(),
  })
  .refine(
    ({ protocol, tftp }) => (protocol === 'tftp') === (tftp !== undefined),
    '`tftp` with the protocol of that name',
  )
  .refine(({ protocol, speed }) => protocol !== 'tftp' || speed === undefined, 'a speed for what goes over the line')

/** A device whose boot loader takes files over its serial console, or at its word over the network: U-Boot and its like, by a script. */
export const YmodemBinding = z.object({
  driver: z.literal('ymodem'),
  link: z.literal('serial'),
  usb: z.array(z.object({ vid: usbId, pid: usbId })).default([]),
  baud: z.int().min(300).max(4_000_000).default(115_200),
  prompts: z
    .strictObject({ application: Prompt, bootloader: Prompt })
    .refine(({ application, bootloader }) => application !== bootloader, 'two prompts that can be told apart'),
  /** From the application into the boot loader. */
  enter: z.strictObject({
    /** Makes the application restart. */
    send: Line,
    /** What the boot loader says when it can be stopped; without it the key is pressed again and again. */
    catch: z.strictObject({ on: z.string().min(1).max(100).optional(), key: z.string().min(1).max(4).default(' ') }),
    within: DurationText.default('30s'),
  }),
  /** Into the device's memory, where stopping harms nothing. */
  load: LoadByScript,
  /** Proves what is in memory, before anything that cannot be undone. */
  check: z
    .array(ConsoleStep)
    .min(1)
    .max(20)
    .refine((steps) => steps.some(({ crc32 }) => crc32), 'a step with crc32'),
  /** From memory to where it stays, and a look at what is there. From the first step on nothing is stopped. */
  store: z.array(ConsoleStep).min(1).max(40),
  /** Leaves the boot loader and starts the application. */
  start: z.strictObject({ send: Line }),
})
export type YmodemBinding = z.infer<typeof YmodemBinding>
