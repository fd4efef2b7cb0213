import type { WebSocket } from 'ws'
import type { Wire } from '../../../shared/rpc/wire.ts'

/** A peer that does not answer our goodbye is cut off after this, milliseconds. */
const GOODBYE_MS = 2000

/** The host's end of a WebSocket. Binary messages are passed on as bytes, for the server to refuse. */
export function wsWire(socket: WebSocket): Wire {
  let open = true
  let onClose: (() => void) | undefined
  const end = () => {
    if (!open) return
    open = false
    onClose?.()
  }
  socket.on('close', end)
  // Broken framing, a message over the limit, a reset: `ws` closes the socket itself and says so next.
  socket.on('error', () => {})
  return {
    send: (text) => {
      if (open && socket.readyState === socket.OPEN) socket.send(text)
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        // One message may arrive as several buffers only when asked for; `ws` hands over one.
        if (open) listener(isBinary ? data : (data as Buffer).toString('utf8'))
      })
    },
    onClose: (listener) => {
      onClose = listener
    },
    close: () => {
      socket.close()
      const late = setTimeout(() => socket.terminate(), GOODBYE_MS)
      socket.once('close', () => clearTimeout(late))
      end()
    },
    backlog: () => socket.bufferedAmount,
  }
}
