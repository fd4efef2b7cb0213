import { z } from 'zod'
import { DeviceCommand, SshCommandSource, sshBinding } from './ssh-binding.ts'

/** Linux devices with RAUC: two sets of slots, of which one runs. */
export const RaucBinding = z.object({
  driver: z.literal('rauc'),
  ...sshBinding,
  /** How RAUC's command line is called: `["sudo", "-n", "rauc"]` for a login that is not root. */
  program: DeviceCommand.default(['rauc']),
  /** What restarts the device. */
  restart: DeviceCommand.default(['reboot']),
  /** The class of slots that decides which system runs. */
  slotClass: z
    .string()
    .max(40)
    .regex(/^[A-Za-z0-9_-]+$/)
    .default('rootfs'),
  /**
   * What tells that the system that runs would be started again. Without it RAUC's boot status does, which U-Boot and
   * barebox call good from the first start on: there it needs the boot counter.
   */
  confirmed: z.strictObject({ source: SshCommandSource, map: z.record(z.string(), z.boolean()) }).optional(),
})
export type RaucBinding = z.infer<typeof RaucBinding>

/** A fact of `rauc status --detailed`, as its JSON has it. */
export const RaucSource = z.strictObject({
  from: z.literal('rauc.status'),
  /** Of this slot; without one of the system as a whole (`/compatible`, `/booted`). */
  slot: z.enum(['booted', 'other']).optional(),
  /** RFC 6901: `/slot_status/bundle/version`, `/boot_status`. */
  pointer: z
    .string()
    .regex(/^(?:\/[^/]*)+$/)
    .max(200),
})
export type RaucSource = z.infer<typeof RaucSource>
