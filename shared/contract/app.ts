import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { Role } from '../model/policy.ts'
import { Slug } from '../model/text.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

export const AppMode = z.enum(['normal', 'demo'])
export type AppMode = z.infer<typeof AppMode>

export const AppInfo = z.object({
  version: z.string(),
  mode: AppMode,
  platform: z.string(),
  node: z.string(),
  dataDir: z.string(),
  console: z.object({ id: Slug, name: z.string(), publicKey: z.string() }),
  /** Whether keys at rest are also under the keystore of the operating system. */
  keystore: z.enum(['os', 'file']),
})
export type AppInfo = z.infer<typeof AppInfo>

/** How long trust lasts, and what ends it first. */
export const TrustLasts = z.object({
  state: z.enum(['none', 'good', 'renew-soon', 'ended']),
  /** Wall-clock ms. */
  until: z.number().nullable(),
  /** What ends first: the offline limit, a role's expiry, or why there is no trust. */
  limit: z.enum(['offline-limit', 'root', 'targets', 'role', 'none']),
  reason: ErrorDataSchema.nullable(),
})
export type TrustLasts = z.infer<typeof TrustLasts>

export const Session = z.object({
  operator: Slug,
  name: z.string(),
  /** Empty until the signed policy names the operator. */
  roles: z.array(Role),
  enrolled: z.boolean(),
  leaseUntil: z.number().nullable(),
  leaseEnded: z.boolean(),
})
export type Session = z.infer<typeof Session>

/** What the frame of every screen shows. */
export const AppState = z.object({
  mode: AppMode,
  /** The best idea of the date that the console has, ms; never earlier than what was signed. */
  now: z.number(),
  network: z.object({
    state: z.enum(['online', 'offline-chosen', 'offline']),
    /** Last time the server answered, ms. */
    lastContact: z.number().nullable(),
  }),
  trust: TrustLasts,
  runs: z.object({ active: z.int(), needPerson: z.int(), writing: z.boolean() }),
  audit: z.object({ toUpload: z.int(), broken: z.boolean() }),
  alerts: z.object({ alarm: z.int(), warning: z.int(), caution: z.int(), unacknowledged: z.int() }),
  session: Session.nullable(),
  site: z.object({ id: Slug, title: z.string() }).nullable(),
  /** What a first start still lacks, in order. */
  firstStart: z.enum(['trust', 'enrol', 'sign-in', 'sync', 'site']).nullable(),
})
export type AppState = z.infer<typeof AppState>

export const app = {
  info: call('open', Nothing, AppInfo),
  state: watch('open', Nothing, AppState),
}
