import { AppError } from '../../shared/errors.ts'
import { domPortWire } from '../../shared/rpc/port-wire.ts'
import { openSocketWire } from '../../shared/rpc/socket-wire.ts'
import type { Wire } from '../../shared/rpc/wire.ts'

const TOKEN_KEY = 'slipway.token'
const PORT_MESSAGE = 'slipway-port'

export interface HostDoor {
  readonly openWire: (signal: AbortSignal) => Promise<Wire>
  readonly token: string | undefined
}

/** The way to the host from where this page runs: a handed-over port in Electron, a socket elsewhere. */
export function findHost(page: Window): HostDoor {
  if (page.location.protocol === 'app:') return { openWire: portDoor(page), token: undefined }
  const token = takeToken(page)
  return { openWire: (signal) => openSocketWire(new WebSocket(socketUrl(page.location)), signal), token }
}

function socketUrl(location: Location): string {
  return `ws://${location.host}/rpc`
}

/**
 * The token comes in the address, once. It is kept for reloads of this window alone and taken out of
 * the address at once, so that it is neither copied with it nor read over a shoulder.
 */
function takeToken(page: Window): string | undefined {
  const hash = page.location.hash.slice(1)
  if (hash !== '' && !hash.startsWith('/')) {
    page.sessionStorage.setItem(TOKEN_KEY, hash)
    page.history.replaceState(null, '', '#/')
    return hash
  }
  return page.sessionStorage.getItem(TOKEN_KEY) ?? undefined
}

/** Electron hands over one port at a time; after a restart of the host a new one arrives. */
function portDoor(page: Window): HostDoor['openWire'] {
  let waiting: ((port: MessagePort) => void) | undefined
  let arrived: MessagePort | undefined
  page.addEventListener('message', (event) => {
    const port = event.ports[0]
    const isPort = (event.data as { type?: unknown } | null)?.type === PORT_MESSAGE
    if (event.source !== page || !isPort || !port) return
    if (waiting) waiting(port)
    else arrived = port
  })
  return (signal) =>
    new Promise((resolve, reject) => {
      const give = (port: MessagePort) => {
        waiting = undefined
        arrived = undefined
        resolve(domPortWire(port))
      }
      signal.addEventListener('abort', () => reject(new AppError('cancelled')))
      if (arrived) give(arrived)
      else waiting = give
    })
}
