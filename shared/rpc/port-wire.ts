import type { Wire } from './wire.ts'

/**
 * What a DOM `MessagePort`, an Electron `MessagePortMain` and a Node `worker_threads` port have in
 * common once each has been given its own kind of listener.
 */
export interface PortLike {
  postMessage(message: unknown): void
  close(): void
}

interface PortEvents {
  onMessage(listener: (data: unknown) => void): void
  onClose(listener: () => void): void
  start?(): void
}

/** A wire over a message port. `events` hides that the three kinds of port announce messages differently. */
export function portWire(port: PortLike, events: PortEvents): Wire {
  let open = true
  let closed: (() => void) | undefined
  const end = () => {
    if (!open) return
    open = false
    closed?.()
  }
  events.onClose(end)
  return {
    send: (text) => {
      if (open) port.postMessage(text)
    },
    onMessage: (listener) => {
      events.onMessage((data) => {
        if (open) listener(data)
      })
      events.start?.()
    },
    onClose: (listener) => {
      closed = listener
    },
    close: () => {
      if (!open) return
      port.close()
      end()
    },
  }
}
