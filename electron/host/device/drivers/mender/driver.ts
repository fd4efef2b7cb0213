import { isAppError } from '../../../../../shared/errors.ts'
import type { Device, Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { commit, goBack, leaveAsItWas, startInstalled } from './finish.ts'
import { lookAt, readSource } from './read.ts'
import { menderSession } from './session.ts'
import { MENDER_TIMING, type MenderTiming } from './timing.ts'
import { writeArtifact } from './write.ts'

export interface MenderDriverOptions {
  readonly timing?: Partial<MenderTiming>
}

/**
 * Linux devices with the Mender client, told over SSH to install by themselves. The client judges an artifact once it
 * was proved to have the key for that; it runs on trial until it is committed, and what runs is read from the device.
 */
export function menderDriver(options: MenderDriverOptions = {}): Driver {
  const timing: MenderTiming = { ...MENDER_TIMING, ...options.timing }
  const sessionOf = (device: Device) => menderSession(device, timing)
  return {
    id: 'mender',
    traits: { trialBoot: true, stoppable: true, resumes: true },

    async identify(device, signal) {
      const session = sessionOf(device)
      try {
        if (!(await session.client.version(signal))) return null
      } catch (error) {
        // Some other program of that name.
        if (isAppError(error, 'device.unexpected-answer')) return null
        throw error
      }
      return identifyBy(device.profile, (source) => readSource(session, source, signal))
    },
    status: async (device, signal) => (await lookAt(sessionOf(device), signal)).status,
    read: async (device, source, signal) => readSource(sessionOf(device), source, signal),

    write: async (device, image, write, signal) => writeArtifact(sessionOf(device), image, write, signal),
    attach: async (device, images, signal) => startInstalled(sessionOf(device), images, signal),
    confirm: async (device, images, signal) => commit(sessionOf(device), images, signal),
    rollback: async (device, images, signal) => goBack(sessionOf(device), images, signal),
    restore: async (device, images, signal) => leaveAsItWas(sessionOf(device), images, signal),
  }
}
