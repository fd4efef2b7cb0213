import { expect, test } from 'vitest'
import { swupdateDriver } from '../../../electron/host/device/drivers/swupdate/driver.ts'
import { candidatesFor, onlyByTls, openOptionsOf, wayOf } from '../../../electron/host/device/registry/candidates.ts'
import type { SeenPort } from '../../../electron/host/link/link.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { profileOf } from '../../fixtures/devices/bench.ts'

const ca = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n'
const open = profileOf('acme-winch')
const pinned = (tls: object) =>
  Profile.parse({ ...open, type: 'acme-lift', drivers: [{ driver: 'swupdate', link: 'http', tls }] })
const at = (address: string): SeenPort => ({ address, label: address, found: 'named', usb: null })
const types = (address: string, profiles: readonly Profile[]) =>
  candidatesFor(at(address), profiles, [swupdateDriver()], null).map(({ profile }) => profile.type)

test('a type whose devices must prove themselves is asked for by https alone', () => {
  const profiles = [open, pinned({ ca })]
  expect(types('http://10.0.0.9:8080', profiles)).toEqual(['acme-winch'])
  expect(types('https://10.0.0.9:8080', profiles)).toEqual(['acme-winch', 'acme-lift'])
  expect(onlyByTls(at('http://10.0.0.9:8080'), profiles)).toBe(true)
  expect(onlyByTls(at('https://10.0.0.9:8080'), profiles)).toBe(false)
  expect(onlyByTls(at('http://10.0.0.9:8080'), [open])).toBe(false)
})

test('links that trust differently are not shared', () => {
  const [first, second] = [pinned({ ca }), pinned({ ca, name: 'lift.acme.test' })].map(({ drivers }) => drivers[0])
  if (!first || !second || !open.drivers[0]) throw new Error('each has a driver')
  const port = at('https://10.0.0.9:8080')
  expect(openOptionsOf(first, port, null)).toEqual({ tls: { ca } })
  expect(new Set([first, second, open.drivers[0]].map((binding) => wayOf(binding, port))).size).toBe(3)
})

test('SSH: the host keys of one device count more than those of its type; the way of a link holds no password', () => {
  const [ofType, ofDevice] = ['A', 'B'].map((letter) => `SHA256:${letter.repeat(43)}`)
  const { drivers } = Profile.parse({ ...open, drivers: [{ driver: 'rauc', link: 'ssh', hostKeys: [ofType] }] })
  const login = { username: 'root', password: 'secret', privateKey: 'secret' }
  const [binding] = drivers
  const port = at('ssh://root@10.0.0.9')
  if (!binding || !ofDevice) throw new Error('it has a driver')
  expect(openOptionsOf(binding, port, login)).toEqual({ ssh: { hostKeys: [ofType], login } })
  const known = { ...port, hostKeys: [ofDevice] }
  expect(openOptionsOf(binding, known, null)).toEqual({ ssh: { hostKeys: [ofDevice], login: null } })
  expect(wayOf(binding, known)).not.toBe(wayOf(binding, port))
  expect(wayOf(binding, known)).not.toContain('secret')
})

test.each([{ ca: 'no certificate' }, { ca, name: 'https://x' }, { ca, verify: false }, {}])(
  'a profile with %j is refused',
  (tls) => {
    expect(() => pinned(tls)).toThrow(/invalid|unrecognized|certificates in PEM|host name/i)
  },
)
