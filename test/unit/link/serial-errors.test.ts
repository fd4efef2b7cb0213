import { expect, test } from 'vitest'
import { openError } from '../../../electron/host/link/serial.ts'

// Words of bindings-cpp 13 on Linux, macOS and Windows: it gives no codes.
test.each([
  ['Error: Permission denied, cannot open /dev/ttyUSB0', 'link.no-permission'],
  ['Error: Operation not permitted, cannot open /dev/ttyUSB0', 'link.no-permission'],
  ['Error Resource temporarily unavailable Cannot lock port', 'link.busy'],
  ['Error: Device or resource busy, cannot open /dev/ttyACM0', 'link.busy'],
  ['Opening COM3: Access denied', 'link.busy'],
  ['Error: No such file or directory, cannot open /dev/ttyUSB9', 'link.not-found'],
  ['Opening COM9: File not found', 'link.not-found'],
  ['Error: No such device or address, cannot open /dev/ttyS3', 'link.not-found'],
  ['Inappropriate ioctl for device, cannot get', 'link.io'],
])('%s is %s', (message, code) => {
  expect(openError(new Error(message), 'serial:x')).toMatchObject({ code, detail: { address: 'serial:x' } })
})
