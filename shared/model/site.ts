import { z } from 'zod'
import { HostKeyPin } from './ssh-binding.ts'
import { Prose, Slug } from './text.ts'

/** Where a device can be reached: `serial:/dev/ttyUSB0`, `udp://10.0.0.7:1337`, `http://10.0.0.9:8080`, `ssh://root@10.0.0.9`. */
export const Address = z
  .string()
  .max(300)
  .regex(
    /^(?:serial:.+|udp:\/\/.+|https?:\/\/.+|ssh:\/\/.+|usb:.+|sim:.+)$/,
    'serial:PATH, udp://HOST:PORT, http://HOST:PORT, ssh://USER@HOST or usb:ID',
  )
export type Address = z.infer<typeof Address>

export const SiteDevice = z.strictObject({
  name: Prose.max(120),
  type: Slug,
  serial: z.string().min(1).max(100),
  hardware: z.string().max(60).optional(),
  /** Wanted version by component. A plan that leads there is offered. */
  wanted: z.record(Slug, z.string().min(1).max(100)).default({}),
  /** Hints where to look first. Never proof of who answers there. */
  addresses: z.array(Address).max(8).default([]),
  /** The SSH host keys of this very device. Where there are any, those of its profile do not count. */
  hostKeys: z.array(HostKeyPin).min(1).max(8).optional(),
})
export type SiteDevice = z.infer<typeof SiteDevice>

/** Devices in one list. */
export const MAX_SITE_DEVICES = 50_000

/** `sites/<site>.json`: the devices expected at a place. */
export const Site = z.object({
  format: z.literal('slipway.site/1'),
  id: Slug,
  title: Prose.max(120),
  /** IANA time zone of the place: maintenance windows are in its local time. */
  zone: z.string().min(1).max(60),
  devices: z.array(SiteDevice).max(MAX_SITE_DEVICES),
})
export type Site = z.infer<typeof Site>
