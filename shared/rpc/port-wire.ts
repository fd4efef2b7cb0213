import type { Wire } from './wire.ts'
import { WireEnd } from './wire-end.ts'

/** As much of an event as matters here. */
interface PortEvent {
  readonly type: string
  readonly data?: unknown
}

/** A DOM `MessagePort`: in a page, or in Node, whose ports are event targets too. */
export interface DomPort {
  postMessage(message: unknown): void
  start(): void
  close(): void
  addEventListener(type: 'message' | 'close', listener: (event: PortEvent) => void): void
}

/** Electron's `MessagePortMain`, in the main process and in a utility process. */
export interface ElectronPort {
  postMessage(message: unknown): void
  start(): void
  close(): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

export function domPortWire(port: DomPort): Wire {
  return portWire(
    port,
    (listener) => port.addEventListener('message', (event) => listener(event.data)),
    (listener) => port.addEventListener('close', listener),
  )
}

export function electronPortWire(port: ElectronPort): Wire {
  return portWire(
    port,
    (listener) => port.on('message', (event) => listener(event.data)),
    (listener) => port.on('close', listener),
  )
}

/** The ports differ only in how they announce things. Both keep messages back until `start`. */
function portWire(
  port: Pick<DomPort, 'postMessage' | 'start' | 'close'>,
  listenMessage: (listener: (data: unknown) => void) => void,
  listenClose: (listener: () => void) => void,
): Wire {
  // A port tells only the far end that it was closed, so the near end hears it from here.
  const end = new WireEnd()
  listenClose(end.come)
  return {
    send: (text) => {
      if (end.isOpen) port.postMessage(text)
    },
    onMessage: (listener) => {
      listenMessage((data) => {
        if (end.isOpen) listener(data)
      })
      port.start()
    },
    onClose: end.onClose,
    close: () => {
      if (!end.isOpen) return
      port.close()
      end.come()
    },
  }
}
