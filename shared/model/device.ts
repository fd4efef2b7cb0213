import { z } from 'zod'
import { Claim } from './claim.ts'
import { ErrorDataSchema } from './error-data.ts'
import { Slug } from './text.ts'

/** Who a device is, as it says itself. Type and serial number together make its key. */
export const Identity = z.object({
  type: Slug,
  serial: z.string().min(1).max(100),
  hardware: z.string().max(60).nullable(),
})
export type Identity = z.infer<typeof Identity>

/** `acme-crane:CR-0007`. Survives replug, re-enumeration and a new port number. */
export const DeviceKey = z.string().min(3).max(220)
export type DeviceKey = z.infer<typeof DeviceKey>

export function deviceKey(identity: Pick<Identity, 'type' | 'serial'>): DeviceKey {
  return `${identity.type}:${identity.serial}`
}

/** One place on the device that can hold an image. */
export const Slot = z.object({
  component: Slug,
  /** `A`/`B`, `primary`/`secondary`, ... as the driver's family calls them. */
  name: z.string().max(40),
  version: z.string().max(100).nullable(),
  /** The hash by which the device itself names the image, hex. */
  hash: z.string().max(128).nullable(),
  active: z.boolean(),
  pending: z.boolean(),
  confirmed: z.boolean(),
  permanent: z.boolean(),
})
export type Slot = z.infer<typeof Slot>

export const DeviceMode = z.enum(['application', 'bootloader', 'updating', 'unknown'])
export type DeviceMode = z.infer<typeof DeviceMode>

/** What a device says of itself when asked: the only base for "it runs version X". */
export const DeviceStatus = z.object({
  mode: DeviceMode,
  /** Running version by component; null: the device would not say. */
  versions: z.record(Slug, z.string().max(100).nullable()),
  slots: z.array(Slot).max(32),
})
export type DeviceStatus = z.infer<typeof DeviceStatus>

export const LinkKind = z.enum(['serial', 'udp', 'http', 'ssh', 'usb', 'memory'])
export type LinkKind = z.infer<typeof LinkKind>

export const Presence = z.enum(['present', 'silent', 'restarting', 'absent', 'duplicate'])
export type Presence = z.infer<typeof Presence>

/** A device as screens and the command line see it. */
export const DeviceView = z.object({
  key: DeviceKey,
  name: z.string(),
  typeTitle: z.string(),
  identity: Identity,
  presence: Presence,
  link: z.object({ kind: LinkKind, address: z.string(), roundTripMs: z.number().nullable() }).nullable(),
  status: DeviceStatus.nullable(),
  /** Wall-clock ms at which `status` was read. */
  statusAt: z.number().nullable(),
  lastSeenAt: z.number().nullable(),
  lastSeenBy: z.string().nullable(),
  trouble: ErrorDataSchema.nullable(),
  /** Only while its boot loader speaks for it and cannot say whose it is: on whose word it is this device. */
  claim: Claim.optional(),
})
export type DeviceView = z.infer<typeof DeviceView>
