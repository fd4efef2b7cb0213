import type { Emitter } from 'usb/index.js'

/**
 * USB attach and detach events, as a nudge to look for ports again at once. The `usb` package's WebUSB
 * face lists devices by itself and turns a machine without a USB bus into an unhandled rejection, so
 * its native emitter is used. Where there is no USB at all, nothing ever nudges.
 */
export function usbNudges(nudge: () => void): () => void {
  let stopped = false
  const emitter = import('usb/index.js').then(async ({ Emitter }) => {
    const native = new Emitter()
    await native.addAttach(() => stopped || nudge())
    await native.addDetach(() => stopped || nudge())
    return native
  })
  emitter.catch(() => {})
  return () => {
    stopped = true
    void release(emitter)
  }
}

async function release(emitter: Promise<Emitter>): Promise<void> {
  try {
    const native = await emitter
    await native.removeAttach()
    await native.removeDetach()
  } catch {
    // There was no USB to listen to in the first place.
  }
}
