import { expect, test } from 'vitest'
import { usbError } from '../../../electron/host/link/usb-errors.ts'

test.each([
  ['incompatible driver is installed for this interface', 'link.unsupported'],
  ['device disconnected', 'link.lost'],
  ['Permission denied (os error 13)', 'link.no-permission'],
  ['endpoint stalled', 'device.refused'],
  ['Resource busy', 'link.busy'],
  ['something else', 'link.io'],
])('%s is %s', (message, code) => {
  expect(usbError(new Error(message), 'usb:1-1')).toMatchObject({ code })
})
