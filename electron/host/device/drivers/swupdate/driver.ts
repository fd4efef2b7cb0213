import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { HttpLink } from '../../../link/link.ts'
import { sleep, within } from '../../../link/waiting.ts'
import { SwupdateClient } from '../../../protocol/swupdate/client.ts'
import { type Credential, type Device, type Driver, type Image, sameLogin } from '../../driver.ts'
import { identifyBy } from '../../identity.ts'
import { readSource, readStatus } from './read.ts'
import { SWUPDATE_TIMING, type SwupdateTiming } from './timing.ts'
import { writePackage } from './write.ts'

export interface SwupdateDriverOptions {
  readonly timing?: Partial<SwupdateTiming>
}

/**
 * Linux devices with SWUpdate's web server. The device itself judges a package and its signature; which version runs
 * is read where the profile says. It has no trial boot that could be undone from here.
 */
export function swupdateDriver(options: SwupdateDriverOptions = {}): Driver {
  const timing: SwupdateTiming = { ...SWUPDATE_TIMING, ...options.timing }
  const sessions = new WeakMap<HttpLink, { readonly login: Credential | null; readonly client: SwupdateClient }>()
  /** One client a link and login: it remembers how the device wants to be asked. */
  const clientOf = ({ link, credential }: Device) => {
    if (link.kind !== 'http')
      throw new AppError('link.unsupported', { detail: { driver: 'swupdate', link: link.kind } })
    const known = sessions.get(link)
    if (known && sameLogin(known.login, credential)) return known.client
    const client = new SwupdateClient(link, credential)
    sessions.set(link, { login: credential, client })
    return client
  }

  return {
    id: 'swupdate',
    traits: { trialBoot: false, stoppable: true, resumes: false },

    async identify(device, signal) {
      const client = clientOf(device)
      return identifyBy(device.profile, (source) => readSource(client, source, timing.request, signal))
    },
    status: (device, signal) => readStatus(clientOf(device), device, timing.request, signal),
    read: (device, source, signal) => readSource(clientOf(device), source, timing.request, signal),

    async write(device, image, write, signal) {
      await writePackage(clientOf(device), device, image, write, timing, signal)
      return { alreadyHeld: false }
    },

    async attach(device, images, signal) {
      const { binding } = device
      if (binding.driver !== 'swupdate' || binding.restart === 'none') return
      const runsNew = () => runs(device, images, clientOf(device), timing, signal)
      if (await runsNew()) return
      if (binding.restart === 'post') await orderRestart(clientOf(device), timing, signal)
      // A device that answers as before may not have gone down yet; one that is silent, or answers anew, has.
      const until = device.clock.monotonic() + timing.goDown
      while (device.clock.monotonic() < until) {
        if (await runsNew().catch(orGone)) return
        await sleep(timing.look, signal)
      }
    },

    async restore(device, _images, signal) {
      // A package that was not accepted leaves SWUpdate as it was: what can be asked is whether it still answers.
      try {
        await readStatus(clientOf(device), device, timing.request, signal)
      } catch (cause) {
        if (signal.aborted) throw cause
        throw new AppError('device.not-restored', { detail: { reason: 'no-answer' }, cause })
      }
    },
  }
}

async function orderRestart(client: SwupdateClient, timing: SwupdateTiming, signal: AbortSignal) {
  try {
    await within(timing.request, 'link.timeout', signal, (wait) => client.restart(wait))
  } catch (error) {
    // A device that goes down at once may take its answer with it.
    if (signal.aborted || !isAppError(error, 'link.lost')) throw error
  }
}

async function runs(
  device: Device,
  images: readonly Image[],
  client: SwupdateClient,
  timing: SwupdateTiming,
  signal: AbortSignal,
): Promise<boolean> {
  const { versions } = await readStatus(client, device, timing.request, signal)
  return images.every(({ component, version }) => versions[component] === version)
}

/** True: the device is gone, which is what was waited for. */
function orGone(error: unknown): boolean {
  if (isAppError(error) && error.code.startsWith('link.')) return true
  throw error
}
