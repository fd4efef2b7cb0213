import { ipcRenderer } from 'electron'
import { PORT_MESSAGE } from '../../shared/port-message.ts'

/** Passes the port to the page, and nothing more: the page has no other way out of its sandbox. */
ipcRenderer.on(PORT_MESSAGE, (event) => {
  window.postMessage({ type: PORT_MESSAGE }, window.location.origin, [...event.ports])
})
