import { AppError } from '../../../../../shared/errors.ts'
import type { Link } from '../../../link/link.ts'
import { SmpClient } from '../../../protocol/smp/client.ts'
import { raiseVersion } from '../../../protocol/smp/os.ts'
import { smpTransport } from '../../../protocol/smp/transport.ts'
import type { Device } from '../../driver.ts'

/** The conversation over one opened link. Ends with the link. */
export interface SmpSession {
  readonly client: SmpClient
  /** Goes over to version 2 if the device can, once: before acts whose refusals should be exact. */
  exact(signal: AbortSignal): Promise<void>
}

export interface SessionOptions {
  /** Sequence number of the first request, 0..255, different from session to session. */
  readonly firstSeq: () => number
  /** Console output that was no frame. */
  readonly onText?: (address: string, line: string) => void
}

const RAISE_MS = 700

/** Finds or begins the session of a link: one link, one client, however often a driver is called. */
export function smpSessions(options: SessionOptions): (device: Device) => SmpSession {
  const sessions = new WeakMap<Link, SmpSession>()
  return ({ link, binding }) => {
    const known = sessions.get(link)
    if (known) return known
    if (link.kind === 'http' || link.kind === 'usb' || link.kind === 'ssh') {
      throw new AppError('link.unsupported', { detail: { driver: 'smp', link: link.kind } })
    }
    const onText = options.onText
    const framing = binding.driver === 'smp' && binding.link === 'serial' ? binding.framing : undefined
    const transport = smpTransport(link, {
      ...(framing && { framing }),
      ...(onText && { onText: (line) => onText(link.address, line) }),
    })
    const client = new SmpClient(transport, options.firstSeq())
    let raised: Promise<void> | null = null
    const session: SmpSession = {
      client,
      async exact(signal) {
        raised ??= raiseVersion(client, RAISE_MS, signal)
        await raised.catch(() => {
          raised = null
        })
      },
    }
    sessions.set(link, session)
    return session
  }
}
