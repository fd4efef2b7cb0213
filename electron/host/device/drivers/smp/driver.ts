import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { readParams } from '../../../protocol/smp/os.ts'
import type { Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { loaderBy } from '../../loader.ts'
import { giveTime } from './clock.ts'
import { attempt, confirmImages, mark, markForStart, unmark } from './marks.ts'
import { readSource, readStatus } from './read.ts'
import { isRecovery, refuseRecovery } from './recovery.ts'
import { restart } from './restart.ts'
import { type SessionOptions, smpSessions } from './session.ts'
import { activeSlot, hashOf, semverOf, spareSlot } from './slots.ts'
import { SMP_TIMING, type SmpTiming } from './timing.ts'
import { writeImage } from './write.ts'

export interface SmpDriverOptions extends SessionOptions {
  readonly timing?: Partial<SmpTiming>
  /** Trusted time, ms since 1970, for devices whose profile asks for it. */
  readonly now?: () => number
}

/** MCUmgr devices: Zephyr and Mynewt applications with an MCUboot under them, over a console or UDP. */
export function smpDriver(options: SmpDriverOptions): Driver {
  const timing: SmpTiming = { ...SMP_TIMING, ...options.timing }
  const sessionOf = smpSessions(options)
  const clientOf = (device: Parameters<Driver['status']>[0]) => sessionOf(device).client
  const exactClient = async (device: Parameters<Driver['status']>[0], signal: AbortSignal) => {
    const session = sessionOf(device)
    await session.exact(signal)
    return session.client
  }

  return {
    id: 'smp',
    traits: { trialBoot: true, stoppable: true, resumes: true },

    async identify(device, signal) {
      const client = clientOf(device)
      // Any answer will do: it tells an SMP device from silence before anything else is asked.
      await readParams(client, timing.probe, signal)
      const read = (source: Source) => readSource(client, source, timing.ordinary, signal)
      const found = await identifyBy(device.profile, read).catch(async (error: unknown) => {
        if (isAppError(error, 'device.identity-missing')) await refuseRecovery(client, timing, signal)
        throw error
      })
      if (!found) await refuseRecovery(client, timing, signal)
      return found
    },

    async loader(device, signal) {
      const client = clientOf(device)
      const list = await listImages(client, signal, timing.ordinary).catch((error: unknown) => {
        // An application without images is no boot loader.
        if (signal.aborted || !isAppError(error, 'device.refused')) throw error
        return null
      })
      if (!list || !(await isRecovery(client, list, timing, signal))) return null
      const [held] = list
      const read = (source: Source) => readSource(client, source, timing.ordinary, signal)
      return loaderBy(device.profile, read, {
        holds: held ? semverOf(held.version) : null,
        says: { loader: 'MCUboot' },
      })
    },

    status: (device, signal) => readStatus(clientOf(device), device, timing.ordinary, signal),
    read: (device, source, signal) => readSource(clientOf(device), source, timing.ordinary, signal),

    async write(device, image, write, signal) {
      const client = await exactClient(device, signal)
      await giveTime(client, device, options.now, timing, signal)
      return writeImage(client, device, image, write, timing, signal)
    },

    async attach(device, images, signal) {
      const client = await exactClient(device, signal)
      const marked = await markForStart(client, images, timing, signal)
      if (marked) await restart(client, marked, timing, device.clock, signal)
    },

    async confirm(device, images, signal) {
      const client = await exactClient(device, signal)
      await confirmImages(client, images, timing, signal)
      // It forgot the time when it restarted. What is confirmed stays so if it will not have it.
      await attempt(() => giveTime(client, device, options.now, timing, signal), signal)
    },

    async rollback(device, images, signal) {
      const client = await exactClient(device, signal)
      let list = await listImages(client, signal, timing.ordinary)
      const running = images.filter((image) => activeSlot(list, image.index)?.hash === hashOf(image))
      if (running.length === 0) return unmark(client, images, timing, signal)
      for (const image of running) {
        // An unconfirmed trial falls back by itself at the restart.
        if (!activeSlot(list, image.index)?.confirmed) continue
        const old = spareSlot(list, image.index)
        if (!old?.hash) throw new AppError('device.no-rollback', { detail: { component: image.component } })
        // For good: a trial of the old version would fall forward to the one that is being left.
        list = await mark(client, list, old, true, timing, signal)
      }
      return restart(client, list, timing, device.clock, signal)
    },

    restore: (device, images, signal) => unmark(clientOf(device), images, timing, signal),
  }
}
