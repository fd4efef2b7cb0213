import type { Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { loaderBy } from '../../loader.ts'
import { isApplication, readSource, readStatus } from './read.ts'
import { fastbootSessions } from './session.ts'
import { enterBootLoader, restoreDevice, startDevice } from './start.ts'
import { FASTBOOT_TIMING, type FastbootTiming } from './timing.ts'
import { writeImage } from './write.ts'

export interface FastbootDriverOptions {
  readonly timing?: Partial<FastbootTiming>
}

/** What a boot loader is asked about itself, by the variables that AOSP and U-Boot name. */
const SAYS = { product: 'product', number: 'serialno', loader: 'version-bootloader' } as const
const LONGEST_WORD = 100

/**
 * Devices that wait in fastboot mode, on USB or the network: a boot loader that has nothing else to start, or was told
 * to. It proves nothing of what it wrote: that the new version runs is read from the application, by this driver where
 * that speaks fastboot too (fastbootd), else by another one of the profile.
 */
export function fastbootDriver(options: FastbootDriverOptions = {}): Driver {
  const timing: FastbootTiming = { ...FASTBOOT_TIMING, ...options.timing }
  const sessionOf = fastbootSessions(timing)
  return {
    id: 'fastboot',
    traits: { trialBoot: false, stoppable: true, resumes: false },

    async identify(device, signal) {
      const session = sessionOf(device)
      await session.getVar('version', signal)
      return identifyBy(device.profile, (source) => readSource(session, device, source, signal))
    },
    async loader(device, signal) {
      const session = sessionOf(device)
      if (await isApplication(session, signal)) return null
      const says: Record<string, string> = {}
      for (const [name, variable] of Object.entries(SAYS)) {
        const value = await session.getVar(variable, signal)
        if (value !== null && value !== '') says[name] = value.slice(0, LONGEST_WORD)
      }
      return loaderBy(device.profile, (source) => readSource(session, device, source, signal), { says })
    },
    status: async (device, signal) => readStatus(sessionOf(device), device, signal),
    read: async (device, source, signal) => readSource(sessionOf(device), device, source, signal),

    detach: async (device, signal) => enterBootLoader(sessionOf(device), timing, device.clock, signal),

    async write(device, image, write, signal) {
      await writeImage(sessionOf(device), image, write, signal)
      return { alreadyHeld: false }
    },

    attach: async (device, _images, signal) => startDevice(sessionOf(device), signal),
    restore: async (device, _images, signal) => restoreDevice(sessionOf(device), signal),
  }
}
