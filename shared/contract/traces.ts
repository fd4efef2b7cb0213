import { z } from 'zod'
import { DeviceKey } from '../model/device.ts'
import { Address } from '../model/site.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

/** Names a recording on this console: when it began, and where. */
const TraceId = z
  .string()
  .max(120)
  .regex(/^[a-z0-9][a-z0-9-]*$/)

/** A recording of what went over a link. */
export const TraceRow = z.object({
  id: TraceId,
  address: Address,
  /** The device that was recorded, where it was known. */
  device: DeviceKey.nullable(),
  driver: z.string().nullable(),
  /** Wall clock, ms. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /**
   * `full`: it reached its limit; `failed`: the disk would not take more; `closed`: the console stopped; `cut`: the console
   * was stopped by force, and the end is missing.
   */
  state: z.enum(['recording', 'stopped', 'full', 'failed', 'closed', 'cut']),
  bytes: z.int().min(0),
  /** Requests, answers and what else happened; null where nobody has counted. */
  events: z.int().min(0).nullable(),
  /** The file on this laptop. */
  path: z.string(),
})
export type TraceRow = z.infer<typeof TraceRow>

const TraceRef = z.object({ id: TraceId })

export const traces = {
  /** The newest first. */
  list: watch('open', Nothing, z.array(TraceRow)),
  /** Writes down what goes over the link from now on. Nothing is sent for it. */
  start: call('operator', z.object({ device: DeviceKey.optional(), address: Address.optional() }), TraceRow),
  stop: call('operator', TraceRef, TraceRow),
  /** A stretch of its file, from `offset`. */
  read: call(
    'operator',
    TraceRef.extend({ offset: z.int().min(0).default(0) }),
    z.object({ bytes: z.base64(), next: z.int(), length: z.int() }),
  ),
  remove: call('operator', TraceRef, Nothing),
}
