import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { ConsolePolicy, PolicyConsole, PolicyOperator } from '../model/policy.ts'
import { Sha256Hex } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { TrustLasts } from './app.ts'
import { Nothing } from './common.ts'

/** What a person compares with the publisher's word before the first trust. */
export const RootPreview = z.object({
  url: z.string(),
  version: z.int(),
  expires: z.number(),
  fingerprint: Sha256Hex,
  rootKeys: z.int(),
  rootThreshold: z.int(),
})
export type RootPreview = z.infer<typeof RootPreview>

/** What time the console goes by: never earlier than anything that was signed or seen. */
export const TrustTime = z.object({
  /** ms since 1970 */
  now: z.number(),
  /** The clock on the wall, the newest signed time and what has passed since, or the latest the clock ever showed. */
  source: z.enum(['wall', 'floor', 'high-water']),
  /** How much later than proved it may be taken for, ms; null while nothing was ever proved. */
  uncertainty: z.number().nullable(),
  /** Why the clock on the wall is not believed; null when it is. */
  trouble: ErrorDataSchema.nullable(),
})

export const TrustView = z.object({
  lasts: TrustLasts,
  time: TrustTime,
  url: z.string().nullable(),
  fingerprint: Sha256Hex.nullable(),
  syncedAt: z.number().nullable(),
  issuedAt: z.number().nullable(),
  roles: z.array(
    z.object({ name: z.string(), version: z.int(), expires: z.number(), threshold: z.int(), keys: z.int() }),
  ),
  policy: ConsolePolicy.nullable(),
  operators: z.array(PolicyOperator),
  consoles: z.array(PolicyConsole),
})
export type TrustView = z.infer<typeof TrustView>

export const trust = {
  /** Fetches a server's first root without trusting it. */
  preview: call('open', z.object({ url: z.url().max(500) }), RootPreview),
  /** Trusts that root: the person has compared the fingerprint. Only on a console without trust. */
  adopt: call('open', z.object({ url: z.url().max(500), fingerprint: Sha256Hex }), Nothing),
  state: watch('open', Nothing, TrustView),
}
