import type { Device, Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { reader, readStatus } from './read.ts'
import { RaucSession } from './session.ts'
import { markBooted, markGood, markOther, restart, runsNew } from './switch.ts'
import { RAUC_TIMING, type RaucTiming } from './timing.ts'
import { writeBundle } from './write.ts'

export interface RaucDriverOptions {
  readonly timing?: Partial<RaucTiming>
}

/**
 * Linux devices with RAUC, by its command line over SSH. The device judges a bundle and its signature; what became of
 * it is read from its slots, and never taken from an exit code.
 */
export function raucDriver(options: RaucDriverOptions = {}): Driver {
  const timing: RaucTiming = { ...RAUC_TIMING, ...options.timing }
  const sessionOf = (device: Device) => new RaucSession(device, timing)
  return {
    id: 'rauc',
    traits: { trialBoot: true, stoppable: true, resumes: true },

    async identify(device, signal) {
      const session = sessionOf(device)
      const status = await session.statusOrNone(signal)
      return status && identifyBy(device.profile, reader(session, signal, status))
    },
    status: (device, signal) => readStatus(sessionOf(device), signal),
    read: (device, source, signal) => reader(sessionOf(device), signal)(source),

    write: (device, image, write, signal) => writeBundle(sessionOf(device), image, write, signal),

    async attach(device, images, signal) {
      const session = sessionOf(device)
      if (!(await runsNew(session, images, signal))) await restart(session, signal)
    },

    confirm: (device, images, signal) => markGood(sessionOf(device), images, signal),

    async rollback(device, images, signal) {
      const session = sessionOf(device)
      if (!(await runsNew(session, images, signal))) return markBooted(session, signal)
      await markOther(session, signal)
      await restart(session, signal)
    },

    restore: (device, _images, signal) => markBooted(sessionOf(device), signal),
  }
}
