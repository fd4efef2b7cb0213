import { AppError } from '../../shared/errors.ts'
import { Inbox } from '../host/link/inbox.ts'
import type { ByteLink, LinkOpener } from '../host/link/link.ts'
import { throwIfAborted } from '../host/link/waiting.ts'

/** One serial port that exists in this process only. */
export interface SimPort {
  readonly address: string
  /** The device's end. Stays while the console opens and closes its own. */
  readonly device: ByteLink
  remove(): void
}

/** The ports of simulated devices in this process, and how the host opens them: `sim:NAME`. */
export class SimPorts {
  readonly #ports = new Map<string, () => ByteLink>()

  readonly opener: LinkOpener = {
    scheme: 'sim',
    open: async (address, _options, signal) => {
      throwIfAborted(signal)
      const connect = this.#ports.get(address)
      if (!connect) throw new AppError('link.not-found', { detail: { address } })
      return connect()
    },
  }

  add(name: string): SimPort {
    const address = `sim:${name}`
    const toDevice = new Inbox<Uint8Array>()
    let toHost: Inbox<Uint8Array> | null = null
    const lost = () => new AppError('link.lost', { detail: { address } })

    this.#ports.set(address, () => {
      if (toHost) throw new AppError('link.busy', { detail: { address } })
      const inbox = new Inbox<Uint8Array>()
      toHost = inbox
      return {
        kind: 'memory',
        address,
        read: (signal) => inbox.take(signal),
        write: async (bytes, signal) => {
          throwIfAborted(signal)
          if (inbox.ended) throw inbox.ended
          toDevice.put(bytes.slice())
        },
        discardInput: async () => inbox.clear(),
        close: async () => {
          inbox.end(lost())
          if (toHost === inbox) toHost = null
        },
      }
    })
    return {
      address,
      device: {
        kind: 'memory',
        address,
        read: (signal) => toDevice.take(signal),
        // What nobody listens to is lost, as on a wire.
        write: async (bytes) => toHost?.put(bytes.slice()),
        discardInput: async () => toDevice.clear(),
        close: async () => {},
      },
      remove: () => {
        this.#ports.delete(address)
        toHost?.end(lost())
        toDevice.end(lost())
      },
    }
  }
}
