import { z } from 'zod'

const name = z.string().min(1).max(60)
const path = z
  .string()
  .regex(/^\/[^\0\s]+$/, 'an absolute path on the device')
  .max(64)

/** How a value is read from a device that speaks SMP. */
export const SMP_SOURCES = [
  /** A counter or gauge of a statistics group. */
  z.strictObject({ from: z.literal('smp.stat'), group: name, field: name }),
  /** Output of a device shell command; `match` picks one group out of it. */
  z.strictObject({
    from: z.literal('smp.shell'),
    argv: z.array(name).min(1).max(8),
    match: z.string().max(200).optional(),
  }),
  /** The version of the image that runs, from the image list. */
  z.strictObject({ from: z.literal('smp.image'), image: z.int().min(0).max(7).default(0) }),
  /** A setting. What its bytes mean only the profile can say; numbers are little-endian. */
  z.strictObject({
    from: z.literal('smp.setting'),
    name: z.string().min(1).max(64),
    as: z.enum(['text', 'u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'hex']).default('text'),
  }),
  /** The text of a small file; `match` picks one group out of it. */
  z.strictObject({ from: z.literal('smp.file'), path, match: z.string().max(200).optional() }),
  /** SHA-256 of a file, hex, as the device counts it. */
  z.strictObject({ from: z.literal('smp.file-hash'), path }),
  /** One fact of a task: stack in bytes, the rest as the device counts it. */
  z.strictObject({
    from: z.literal('smp.task'),
    task: name,
    field: z.enum(['prio', 'state', 'stkuse', 'stksiz', 'cswcnt', 'runtime']),
  }),
  /** One fact of a memory pool, in blocks (`blksiz`: bytes). */
  z.strictObject({ from: z.literal('smp.pool'), pool: name, field: z.enum(['blksiz', 'nblks', 'nfree', 'min']) }),
  /** What the application says of itself, by Zephyr's letters: `s` kernel, `v` version, `b` build time, `a` all. */
  z.strictObject({
    from: z.literal('smp.info'),
    format: z.string().regex(/^(?:a|[snrvbmpio]{1,9})$/),
    match: z.string().max(200).optional(),
  }),
  /** The device's own clock. */
  z.strictObject({ from: z.literal('smp.time') }),
] as const
