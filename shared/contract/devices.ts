import { z } from 'zod'
import { DeviceKey, DeviceView } from '../model/device.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Limit } from '../model/profile.ts'
import { Reading } from '../model/reading.ts'
import { Address } from '../model/site.ts'
import { Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'
import { AddressState, finding } from './finding.ts'
import { recovery } from './recovery.ts'
import { search } from './search.ts'

/** A reading with what the profile says of its signal. */
export const SignalRow = Reading.extend({
  title: z.string(),
  type: z.enum(['bool', 'number', 'text']),
  level: z.enum(['normal', 'warn', 'alarm', 'unknown']),
  ageMs: z.number(),
  /** The profile's thresholds: drawn in charts, named beside the value. */
  limits: z.object({ warn: Limit.nullable(), alarm: Limit.nullable() }),
  /** Recent numbers, oldest first, for a sparkline. */
  recent: z.array(z.number()).max(120),
  /** When each of them was read, wall-clock ms; as long as `recent`. */
  recentAt: z.array(z.number()).max(120),
})
export type SignalRow = z.infer<typeof SignalRow>

/** A port or address where something may answer. */
export const SeenAddress = z.object({
  address: Address,
  label: z.string(),
  state: AddressState,
  device: DeviceKey.nullable(),
  reason: ErrorDataSchema.nullable(),
})
export type SeenAddress = z.infer<typeof SeenAddress>

export const HistoryRow = z.object({
  run: z.string(),
  plan: Slug,
  planTitle: z.string(),
  outcome: z.string(),
  at: z.number(),
  actor: z.string(),
  change: z.record(Slug, z.object({ from: z.string().nullable(), to: z.string() })),
})

/** Devices in {@link devices.list}. */
export const MAX_LISTED_DEVICES = 2000

export const devices = {
  /** Everything that was ever seen; of very many those that are here, and the first of the others. */
  list: watch('open', Nothing, z.array(DeviceView)),
  one: watch('open', z.object({ device: DeviceKey }), DeviceView),
  /** Reading happens only while somebody watches. */
  signals: watch('open', z.object({ device: DeviceKey }), z.array(SignalRow)),
  history: call('open', z.object({ device: DeviceKey }), z.array(HistoryRow)),
  addresses: watch('open', Nothing, z.array(SeenAddress)),
  /** Asks the device again who it is and what it runs. */
  refresh: call('open', z.object({ device: DeviceKey }), DeviceView),
  /** Looks at an address that no finder announces. */
  addAddress: call('operator', z.object({ address: Address }), Nothing),
  forgetAddress: call('operator', z.object({ address: Address }), Nothing),
  ...finding,
  ...search,
  ...recovery,
}
