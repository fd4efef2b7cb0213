import type { WebSocket } from 'ws'
import type { Wire } from '../../../shared/rpc/wire.ts'
import { WireEnd } from '../../../shared/rpc/wire-end.ts'

/** A peer that does not answer our goodbye is cut off after this, milliseconds. */
const GOODBYE_MS = 2000

/** The host's end of a WebSocket. Binary messages are passed on as bytes, for the server to refuse. */
export function wsWire(socket: WebSocket): Wire {
  const end = new WireEnd()
  socket.on('close', end.come)
  // Broken framing, a message over the limit, a reset: `ws` closes the socket itself and says so next.
  socket.on('error', () => {})
  return {
    send: (text) => {
      if (end.isOpen && socket.readyState === socket.OPEN) socket.send(text)
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        // One message may arrive as several buffers only when asked for; `ws` hands over one.
        if (end.isOpen) listener(isBinary ? data : (data as Buffer).toString('utf8'))
      })
    },
    onClose: end.onClose,
    close: () => {
      socket.close()
      const late = setTimeout(() => socket.terminate(), GOODBYE_MS)
      socket.once('close', () => clearTimeout(late))
      end.come()
    },
    backlog: () => socket.bufferedAmount,
  }
}
