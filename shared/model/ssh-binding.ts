import { z } from 'zod'
import { MdnsServices } from './mdns.ts'

/** A host key as `ssh-keygen -l` writes it: `SHA256:` and 43 digits of base64. */
export const HostKeyPin = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and the fingerprint, as ssh-keygen -l writes it')

/** A path on the device from its root, so that no shell or program can take it for anything else. */
export const DevicePath = z
  .string()
  .max(200)
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\0\r\n]+)+$/, 'a path from the root, without . and ..')

/** A program on the device and its arguments. Each arrives as it stands here. */
export const DeviceCommand = z
  .array(
    z
      .string()
      .max(300)
      .regex(/^[^\0\r\n]*$/, 'one line'),
  )
  .min(1)
  .max(16)

/** What all devices behind SSH have in common. */
export const sshBinding = {
  link: z.literal('ssh'),
  port: z.int().min(1).max(65_535).default(22),
  mdns: MdnsServices,
  /**
   * Host keys that all devices of the type share; a site document names those of one device. Without either nobody is
   * logged in to. A device that has several host keys is asked for Ed25519 first, then ECDSA, then RSA.
   */
  hostKeys: z.array(HostKeyPin).max(8).default([]),
  /** The folder for uploads. Room for a whole artifact is needed there. */
  folder: DevicePath.default('/var/tmp'),
}

/** What a program on the device writes to its standard output. */
export const SshCommandSource = z.strictObject({
  from: z.literal('ssh.command'),
  argv: DeviceCommand,
  /** A member of the JSON that it writes: an RFC 6901 JSON pointer. */
  pointer: z
    .string()
    .regex(/^(?:\/[^/]*)+$/)
    .max(200)
    .optional(),
  /** A regular expression; its first group, or all that it matches, is the value. */
  match: z.string().max(200).optional(),
})
export type SshCommandSource = z.infer<typeof SshCommandSource>
