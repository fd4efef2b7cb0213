import { expect, test } from 'vitest'
import type { ProfileInput, TlsPin } from '../../shared/model/profile.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { until } from '../fixtures/whole/watching.ts'
import { MACHINE, swupdateBench } from './swupdate/console.ts'
import type { SwupdateDaemon } from './swupdate/daemon.ts'
import { makeTls } from './swupdate/tls-keys.ts'

/** The real daemon's own TLS: the console talks to whom the signed profile says, and to nobody else. */

const pinned = (pin: TlsPin) => (profile: ProfileInput) => ({
  ...profile,
  drivers: [{ driver: 'swupdate' as const, link: 'http' as const, restart: 'post' as const, tls: pin }],
})
const good = (daemon: SwupdateDaemon) => daemon.package(MACHINE.to)
const ca = (daemon: SwupdateDaemon) => daemon.tls?.ca ?? ''

test('an update by https and wss, with the authority of the profile', async (context) => {
  const bench = await swupdateBench(context, good, {
    daemon: { tls: ['IP:127.0.0.1'] },
    profile: (profile, daemon) => pinned({ ca: ca(daemon) })(profile),
  })
  expect(bench.daemon.address).toMatch(/^https:/)
  expect(await bench.end(await bench.start())).toMatchObject({
    phase: 'succeeded',
    result: { device: 'runs-new', readBack: { system: MACHINE.to } },
  })
})

test('a name that all devices of the type share, wherever they are', async (context) => {
  const bench = await swupdateBench(context, good, {
    daemon: { tls: ['DNS:winch.acme.test'] },
    profile: (profile, daemon) => pinned({ ca: ca(daemon), name: 'winch.acme.test' })(profile),
  })
  expect(await bench.end(await bench.start())).toMatchObject({ phase: 'succeeded' })
})

test.for([
  {
    what: 'another authority',
    names: ['IP:127.0.0.1'],
    pin: () => ({ ca: makeTls(tempDir(), 'other', ['IP:127.0.0.1']).ca }),
    reason: 'signer',
  },
  { what: 'another name', names: ['DNS:crane.acme.test'], pin: (d: SwupdateDaemon) => ({ ca: ca(d) }), reason: 'name' },
])(
  '$what: not a byte of a request, not even the login, and why is on the screen',
  async ({ names, pin, reason }, context) => {
    const bench = await swupdateBench(context, good, {
      daemon: { tls: names },
      profile: (profile, daemon) => pinned(pin(daemon))(profile),
      appears: false,
    })
    const [seen] = await until(bench.client.devices.addresses, null, ([one]) => one?.reason?.code === 'link.untrusted')
    expect(seen).toMatchObject({ state: 'not-ours', device: null, reason: { detail: { reason } } })
    await expect(bench.start()).rejects.toMatchObject({ code: expect.stringMatching(/^(device|plan)\./) })
  },
)

test('a plain address for a type that must prove itself is not asked at all', async (context) => {
  const bench = await swupdateBench(context, good, {
    profile: pinned({ ca: makeTls(tempDir(), 'maker', ['IP:127.0.0.1']).ca }),
    appears: false,
  })
  const [seen] = await until(bench.client.devices.addresses, null, ([one]) => one?.reason?.code === 'link.untrusted')
  expect(seen).toMatchObject({ device: null, reason: { detail: { reason: 'plain' } } })
})
