import type { Source } from '../../../../../shared/model/profile.ts'
import type { Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { loaderBy } from '../../loader.ts'
import { readSource, readStatus } from './read.ts'
import { restoreDevice } from './restore.ts'
import { answers, dfuSessions, placeOf } from './session.ts'
import { startDevice, toDfuMode } from './start.ts'
import { DFU_TIMING, type DfuTiming } from './timing.ts'
import { writeImage } from './write.ts'

export interface DfuDriverOptions {
  readonly timing?: Partial<DfuTiming>
}

/**
 * Devices with a USB DFU 1.1 or ST DfuSe boot loader. The application is gone while they are written: a write is not
 * stopped half-way, and there is no version to fall back to. That the new one runs is read from its application.
 */
export function dfuDriver(options: DfuDriverOptions = {}): Driver {
  const timing: DfuTiming = { ...DFU_TIMING, ...options.timing }
  const sessionOf = dfuSessions()
  return {
    id: 'dfu',
    traits: { trialBoot: false, stoppable: false, resumes: false },

    async identify(device, signal) {
      const { link, binding } = device
      if (link.kind === 'usb' && binding.driver === 'dfu' && !placeOf(binding, link.face)) return null
      const session = await sessionOf(device, signal)
      await answers(session.link, timing.answer, signal)
      return identifyBy(device.profile, (source) => readSource(session, source, timing.answer, signal))
    },
    async loader(device, signal) {
      const { link, binding } = device
      if (link.kind !== 'usb' || binding.driver !== 'dfu' || !placeOf(binding, link.face)) return null
      const session = await sessionOf(device, signal)
      if (session.mode !== 'dfu' || !session.dfu) return null
      const { vid, pid, product, serial } = link.face
      const read = (source: Source) => readSource(session, source, timing.answer, signal)
      const says = {
        usb: `${vid}:${pid}`,
        ...(product !== null && { product }),
        ...(serial !== null && { number: serial }),
      }
      return loaderBy(device.profile, read, { says })
    },
    status: async (device, signal) => readStatus(await sessionOf(device, signal), device, timing.answer, signal),
    read: async (device, source, signal) => readSource(await sessionOf(device, signal), source, timing.answer, signal),

    detach: async (device, signal) => toDfuMode(await sessionOf(device, signal), timing, device.clock, signal),

    async write(device, image, write, signal) {
      await writeImage(await sessionOf(device, signal), image, write, signal)
      return { alreadyHeld: false }
    },

    attach: async (device, images, signal) =>
      startDevice(await sessionOf(device, signal), images, timing, device.clock, signal),

    restore: async (device, images, signal) =>
      restoreDevice(await sessionOf(device, signal), images, timing, device.clock, signal),
  }
}
