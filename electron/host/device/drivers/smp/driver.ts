import { AppError } from '../../../../../shared/errors.ts'
import { listImages } from '../../../protocol/smp/image.ts'
import { readParams } from '../../../protocol/smp/os.ts'
import type { Driver } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { confirmImages, mark, markForStart, unmark } from './marks.ts'
import { readSource, readStatus } from './read.ts'
import { restart } from './restart.ts'
import { type SessionOptions, smpSessions } from './session.ts'
import { activeSlot, hashOf, spareSlot } from './slots.ts'
import { SMP_TIMING, type SmpTiming } from './timing.ts'
import { writeImage } from './write.ts'

export interface SmpDriverOptions extends SessionOptions {
  readonly timing?: Partial<SmpTiming>
}

/** MCUmgr devices: Zephyr and Mynewt applications with an MCUboot under them, over a console or UDP. */
export function smpDriver(options: SmpDriverOptions): Driver {
  const timing: SmpTiming = { ...SMP_TIMING, ...options.timing }
  const sessionOf = smpSessions(options)
  const clientOf = (device: Parameters<Driver['status']>[0]) => sessionOf(device.link).client
  const exactClient = async (device: Parameters<Driver['status']>[0], signal: AbortSignal) => {
    const session = sessionOf(device.link)
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
      return identifyBy(device.profile, (source) => readSource(client, source, timing.ordinary, signal))
    },

    status: (device, signal) => readStatus(clientOf(device), device, timing.ordinary, signal),
    read: (device, source, signal) => readSource(clientOf(device), source, timing.ordinary, signal),

    async write(device, image, write, signal) {
      return writeImage(await exactClient(device, signal), device, image, write, timing, signal)
    },

    async attach(device, images, signal) {
      const client = await exactClient(device, signal)
      const marked = await markForStart(client, images, timing, signal)
      if (marked) await restart(client, marked, timing, device.clock, signal)
    },

    async confirm(device, images, signal) {
      await confirmImages(await exactClient(device, signal), images, timing, signal)
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
