import { AppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { MenderBinding } from '../../../../../shared/model/mender-binding.ts'
import type { SshLink } from '../../../link/link.ts'
import { MenderClient } from '../../../protocol/mender/client.ts'
import type { Device, Image } from '../../driver.ts'
import type { MenderTiming } from './timing.ts'

/** One device's client, with what the profile says of it. Keeps nothing: whatever is true is on the device. */
export interface MenderSession {
  readonly link: SshLink
  readonly client: MenderClient
  readonly binding: MenderBinding
  readonly device: Device
  readonly timing: MenderTiming
  /** How long the client may say nothing at all, ms. */
  readonly stall: number
}

/** Throws `link.unsupported` for any other kind of link. */
export function menderSession(device: Device, timing: MenderTiming): MenderSession {
  const { link, binding, profile } = device
  if (link.kind !== 'ssh' || binding.driver !== 'mender') {
    throw new AppError('link.unsupported', { detail: { driver: 'mender', link: link.kind } })
  }
  const client = new MenderClient(link, binding, timing.request)
  return { link, client, binding, device, timing, stall: durationMs(profile.timing.stallAfter) }
}

/** The name by which the client will know the image: the one in the file, where it could be read. */
export function artifactOf(image: Image): string {
  return image.facts.version ?? image.version
}
