import { z } from 'zod'
import { DeviceKey } from '../model/device.ts'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Address } from '../model/site.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'
import { TypedText } from './finding.ts'

/** An IPv4 network: `10.0.4.0/24`. */
export const NetworkText = z
  .string()
  .max(18)
  .regex(/^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/, 'a network like 10.0.4.0/24')

/** A network of this laptop that could be searched. */
export const SearchableNetwork = z.object({
  network: NetworkText,
  /** The interface that leads there. */
  name: z.string(),
  hosts: z.int(),
  /** Only private networks are searched. */
  allowed: z.boolean(),
})
export type SearchableNetwork = z.infer<typeof SearchableNetwork>

/** Somebody at one of the ports that signed profiles name. */
export const FoundHost = z.object({
  address: Address,
  /** `asking`: the port is open, and is being asked; `other`: no device of ours. */
  state: z.enum(['asking', 'device', 'other']),
  device: DeviceKey.nullable(),
  typeTitle: z.string().nullable(),
  /** This console has seen the device before. */
  known: z.boolean(),
  reason: ErrorDataSchema.nullable(),
})
export type FoundHost = z.infer<typeof FoundHost>

export const SearchState = z.object({
  state: z.enum(['idle', 'searching', 'done', 'stopped']),
  network: NetworkText.nullable(),
  /** Ports that signed profiles name: `udp 1337`. */
  ports: z.array(z.string()),
  /** Knocks so far, and of how many. */
  done: z.int(),
  total: z.int(),
  /** Knocks a second, at most. */
  rate: z.int(),
  found: z.array(FoundHost).max(1024),
})
export type SearchState = z.infer<typeof SearchState>

export const search = {
  /** Where a search could begin. */
  networks: call('open', Nothing, z.array(SearchableNetwork)),
  search: watch('open', Nothing, SearchState),
  /**
   * Knocks at the ports that signed profiles name, at every address of a private network, and asks who is there. Throws
   * `link.not-searchable`, `device.busy` while another search goes on, `device.no-profile` where no profile names a port.
   */
  startSearch: call('operator', z.object({ network: TypedText }), Nothing),
  stopSearch: call('open', Nothing, Nothing),
}
