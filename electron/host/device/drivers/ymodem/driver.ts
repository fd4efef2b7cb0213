import { AppError } from '../../../../../shared/errors.ts'
import type { Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { loaderBy } from '../../loader.ts'
import type { NetworkOptions } from './load-by-tftp.ts'
import { readSource, readStatus } from './read.ts'
import { consoleSessions } from './session.ts'
import { enterBootLoader, startApplication } from './start.ts'
import { YMODEM_TIMING, type YmodemTiming } from './timing.ts'
import { writeImage } from './write.ts'

export interface YmodemDriverOptions {
  readonly timing?: Partial<YmodemTiming>
  /** Without it no image is loaded over the network. */
  readonly network?: NetworkOptions
}

/**
 * Devices whose boot loader (U-Boot and its like) takes files over the serial console, by the script in their
 * profile. A load goes to memory and harms nothing; from the first step of storing there is no way back, and no
 * version to fall back to. That the new one runs is read from the application.
 */
export function ymodemDriver(options: YmodemDriverOptions = {}): Driver {
  const sessionOf = consoleSessions({ ...YMODEM_TIMING, ...options.timing })
  return {
    id: 'ymodem',
    traits: { trialBoot: false, stoppable: true, resumes: false },

    async identify(device, signal) {
      const session = sessionOf(device)
      await session.attention(signal)
      return identifyBy(device.profile, (source) => readSource(session, source, signal))
    },
    async loader(device, signal) {
      const session = sessionOf(device)
      if ((await session.attention(signal)) !== 'bootloader') return null
      const says = { prompt: session.binding.prompts.bootloader.trim() }
      return loaderBy(device.profile, (source) => readSource(session, source, signal), { says })
    },
    status: async (device, signal) => readStatus(sessionOf(device), device, signal),
    read: async (device, source, signal) => readSource(sessionOf(device), source, signal),

    detach: async (device, signal) => enterBootLoader(sessionOf(device), signal),
    write: async (device, image, write, signal) =>
      writeImage(sessionOf(device), image, write, options.network ?? null, signal),

    async attach(device, images, signal) {
      const session = sessionOf(device)
      if ((await session.attention(signal)) === 'bootloader') return startApplication(session, signal)
      const { versions } = await readStatus(session, device, signal)
      if (images.every(({ component, version }) => versions[component] === version)) return
      throw new AppError('device.refused', { detail: { what: 'restart', reason: 'not-in-boot-loader' } })
    },

    async restore(device, _images, signal) {
      const session = sessionOf(device)
      if ((await session.attention(signal)) === 'application') return
      // What was stored, whole or in part, must not be started because something else went wrong.
      if (session.stored !== 'untouched') {
        throw new AppError('device.not-restored', { detail: { reason: session.stored } })
      }
      await startApplication(session, signal)
    },
  }
}
