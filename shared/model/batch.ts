import { z } from 'zod'
import { DeviceKey } from './device.ts'
import { ErrorDataSchema } from './error-data.ts'
import { Slug } from './text.ts'

/** How far a device of a batch is. `skipped`: it was not its turn before the batch ended. */
export const BatchDeviceState = z.enum([
  'waiting',
  'running',
  'needs-person',
  'succeeded',
  'not-needed',
  'failed',
  'skipped',
])
export type BatchDeviceState = z.infer<typeof BatchDeviceState>

export const BatchDevice = z.object({
  key: DeviceKey,
  name: z.string(),
  /** Index in the plan's order. */
  wave: z.int(),
  /** Must succeed before the rest of its wave may start. */
  canary: z.boolean(),
  state: BatchDeviceState,
  run: z.string().nullable(),
  reason: ErrorDataSchema.nullable(),
})
export type BatchDevice = z.infer<typeof BatchDevice>

/** One plan on several devices: waves in order, canaries first, so many at a time. */
export const BatchView = z.object({
  id: z.string(),
  plan: Slug,
  planTitle: z.string(),
  actor: z.string(),
  startedAt: z.number(),
  /** Null while devices wait or run. */
  endedAt: z.number().nullable(),
  /** Why no more devices are started. */
  stopped: ErrorDataSchema.nullable(),
  devices: z.array(BatchDevice),
})
export type BatchView = z.infer<typeof BatchView>
