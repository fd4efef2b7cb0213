import { AppError } from '../errors.ts'
import type { Wire } from './wire.ts'
import { WireEnd } from './wire-end.ts'

/** The client end of a WebSocket as browsers and Node have it. */
export interface ClientSocket {
  readonly bufferedAmount: number
  send(text: string): void
  close(): void
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: { readonly type: string; readonly data?: unknown }) => void,
  ): void
}

/**
 * Waits until the socket is up.
 * @throws AppError `host.unavailable` nobody answers there, `cancelled`
 */
export function openSocketWire(socket: ClientSocket, signal?: AbortSignal): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const give = (error: AppError | null) => {
      signal?.removeEventListener('abort', onAbort)
      if (error) reject(error)
      else resolve(wire)
    }
    const onAbort = () => {
      give(new AppError('cancelled'))
      socket.close()
    }
    const wire = socketWire(socket)
    socket.addEventListener('open', () => give(null))
    // "error" says nothing that "close" does not; unheard it would be an uncaught error in Node.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', () => give(new AppError('host.unavailable')))
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort)
  })
}

function socketWire(socket: ClientSocket): Wire {
  const end = new WireEnd()
  socket.addEventListener('close', end.come)
  return {
    send: (text) => {
      if (end.isOpen) socket.send(text)
    },
    onMessage: (listener) =>
      socket.addEventListener('message', (event) => {
        if (end.isOpen) listener(event.data)
      }),
    onClose: end.onClose,
    close: () => {
      socket.close()
      end.come()
    },
    backlog: () => socket.bufferedAmount,
  }
}
