import { z } from 'zod'
import { DeviceCommand, DevicePath, sshBinding } from './ssh-binding.ts'

/** A device with the Mender client, told over SSH to install an artifact by itself, without a Mender server. */
export const MenderBinding = z.object({
  driver: z.literal('mender'),
  ...sshBinding,
  /** The client: `mender` up to version 3, `mender-update` from version 4 on. */
  command: DeviceCommand.default(['mender']),
  /** What the client reads, the first of which counts where both say something. */
  config: z.array(DevicePath).min(1).max(2).default(['/etc/mender/mender.conf', '/var/lib/mender/mender.conf']),
  /** Where the client keeps what it knows. It stays through restarts and through changes of the root file system. */
  data: DevicePath.default('/var/lib/mender'),
  /**
   * What makes the new version run. `reboot`: a restart, which the payload asks for; the version must then be read from
   * what runs (`mender.artifact-info`, `ssh.command`), for what the client wrote down proves nothing about it. `none`:
   * it runs as soon as it is installed.
   */
  restart: z.enum(['reboot', 'none']).default('reboot'),
  /** The order to restart. */
  reboot: DeviceCommand.default(['reboot']),
})
export type MenderBinding = z.infer<typeof MenderBinding>

const Key = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^=\s]+$/, 'a name without spaces and equals signs')

/** A file name as scripts have it: one folder of the device, and nothing outside of it. */
const Script = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'a file name')

/** What the client holds installed, uncommitted things included: `mender show-artifact`, `mender show-provides`. */
export const MenderProvidesSource = z.strictObject({
  from: z.literal('mender.provides'),
  key: Key.default('artifact_name'),
})

/** The artifact that the root file system which runs was made from: `/etc/mender/artifact_info`. */
export const MenderArtifactInfoSource = z.strictObject({
  from: z.literal('mender.artifact-info'),
  key: Key.default('artifact_name'),
})

/** The type by which artifacts name the device: `device_type` in the client's data. */
export const MenderDeviceTypeSource = z.strictObject({ from: z.literal('mender.device-type') })

/** What one of the device's identity or inventory scripts tells. */
export const MenderScriptSource = z.strictObject({
  from: z.literal('mender.script'),
  kind: z.enum(['identity', 'inventory']),
  /** File name of the script: `mender-device-identity`, `mender-inventory-hostinfo`. */
  script: Script,
  key: Key,
})
export type MenderScriptSource = z.infer<typeof MenderScriptSource>

interface Bindings {
  readonly drivers: readonly { readonly driver: string; readonly restart?: unknown }[]
  readonly signers: readonly { readonly algorithm: string }[]
  readonly components: readonly { readonly version: { readonly source: { readonly from: string } } }[]
}

/** What a profile of such a device must say besides, so that a success can be proved; null: it does. */
export function menderTrouble({ drivers, signers, components }: Bindings): string | null {
  const bindings = drivers.filter(({ driver }) => driver === 'mender')
  if (bindings.length === 0) return null
  if (!signers.some(({ algorithm }) => algorithm === 'ecdsa-p256' || algorithm === 'rsa-pkcs1')) {
    return 'a mender device needs a signer: the key by which its client judges artifacts'
  }
  const written = components.some(({ version }) => version.source.from === 'mender.provides')
  if (written && bindings.some(({ restart }) => restart === 'reboot')) {
    return 'what the mender client wrote down does not tell what runs after a restart: use mender.artifact-info or ssh.command'
  }
  return null
}
