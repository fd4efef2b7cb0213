import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress } from '../../../electron/host/link/address.ts'
import { isAppError } from '../../../shared/errors.ts'

test.each([
  ['serial:/dev/ttyUSB0', { scheme: 'serial', path: '/dev/ttyUSB0' }],
  ['serial:COM4', { scheme: 'serial', path: 'COM4' }],
  ['sim:crane', { scheme: 'sim', path: 'crane' }],
  ['udp://10.0.0.7:1337', { scheme: 'udp', host: '10.0.0.7', port: 1337 }],
  ['udp://gateway.local', { scheme: 'udp', host: 'gateway.local', port: null }],
  ['HTTP://Winch:8080/', { scheme: 'http', host: 'Winch', port: 8080 }],
  ['https://[fe80::1%eth0]:8443', { scheme: 'https', host: 'fe80::1%eth0', port: 8443 }],
  ['ssh://root@10.0.0.9', { scheme: 'ssh', host: '10.0.0.9', port: null, user: 'root' }],
  ['ssh://[fe80::1%eth0]:2222', { scheme: 'ssh', host: 'fe80::1%eth0', port: 2222, user: null }],
])('%s', (text, parsed) => {
  expect(parseAddress(text)).toEqual(parsed)
})

test.each([
  '',
  'serial:',
  'serial://host',
  'udp://',
  'udp://host:0',
  'udp://host:65536',
  'http://host/path',
  'http://user:pass@host',
  'http://host:80?x',
  'http://user@host',
  'ssh://root:pass@host',
  'ssh://@host',
  'ssh://-oProxyCommand=x@host',
  'ssh://host/path',
  'ftp://host',
  'serial:/dev/\0',
])('%j is no address', (text) => {
  expect(() => parseAddress(text)).toThrowError(/link\.bad-address/)
})

test('any text is an address or a coded error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.constantFrom('udp://', 'http://', 'serial:'), fc.string()).map((p) => p.join('')),
      ),
      (text) => {
        try {
          const parsed = parseAddress(text)
          return 'path' in parsed ? parsed.path.length > 0 : parsed.host.length > 0
        } catch (error) {
          return isAppError(error, 'link.bad-address')
        }
      },
    ),
  )
})
