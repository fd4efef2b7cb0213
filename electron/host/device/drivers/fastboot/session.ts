import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { FastbootBinding } from '../../../../../shared/model/fastboot-binding.ts'
import type { Link } from '../../../link/link.ts'
import { FastbootClient } from '../../../protocol/fastboot/client.ts'
import type { FastbootPipe } from '../../../protocol/fastboot/pipe.ts'
import { UdpPipe } from '../../../protocol/fastboot/udp-pipe.ts'
import { UsbPipe } from '../../../protocol/fastboot/usb-pipe.ts'
import type { Device } from '../../driver.ts'
import type { FastbootTiming } from './timing.ts'

/** The conversation over one opened link. Ends with the link. */
export class FastbootSession {
  readonly binding: FastbootBinding
  /**
   * What lies where the device starts from. `untouched`: we brought it into its boot loader and have written nothing.
   * `unknown`: it was there already, and somebody may have. `begun`: a part of an image may be there.
   */
  stored: 'untouched' | 'unknown' | 'begun' = 'unknown'
  readonly #client: FastbootClient
  #isOpen = false

  constructor(pipe: FastbootPipe, binding: FastbootBinding, timing: FastbootTiming, now: () => number) {
    this.#client = new FastbootClient(pipe, timing, now)
    this.binding = binding
  }

  /** Does something with the device; a conversation that broke off is begun anew for whoever comes next. */
  async talk<T>(work: (client: FastbootClient) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      if (!this.#isOpen) await this.#client.open(signal)
      this.#isOpen = true
      return await work(this.#client)
    } catch (error) {
      if (!isAppError(error, 'device.refused')) this.#isOpen = false
      throw error
    }
  }

  async getVar(name: string, signal: AbortSignal): Promise<string | null> {
    return this.talk((client) => client.getVar(name, signal), signal)
  }

  /** The device was told to restart. */
  leaves(stored: 'untouched' | 'unknown'): void {
    this.#isOpen = false
    this.stored = stored
  }
}

/** Finds or begins the session of a link: one link, one conversation, however often a driver is called. */
export function fastbootSessions(timing: FastbootTiming): (device: Device) => FastbootSession {
  const sessions = new WeakMap<Link, Map<string, FastbootSession>>()
  return ({ link, binding, clock }) => {
    if (binding.driver !== 'fastboot') throw unsupported(link, binding.driver)
    const known = sessions.get(link) ?? new Map<string, FastbootSession>()
    sessions.set(link, known)
    const face = JSON.stringify(binding)
    const session =
      known.get(face) ?? new FastbootSession(pipeOf(link, timing, clock), binding, timing, () => clock.monotonic())
    known.set(face, session)
    return session
  }
}

function pipeOf(link: Link, timing: FastbootTiming, clock: Device['clock']): FastbootPipe {
  if (link.kind === 'udp') return new UdpPipe(link, clock, timing)
  if (link.kind === 'usb') return new UsbPipe(link)
  throw unsupported(link, 'fastboot')
}

function unsupported({ kind }: Link, binding: string): AppError {
  return new AppError('link.unsupported', { detail: { driver: 'fastboot', link: kind, binding } })
}
