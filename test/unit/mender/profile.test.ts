import { expect, test } from 'vitest'
import { Profile, type ProfileInput } from '../../../shared/model/profile.ts'

const signer = { id: 'yard', algorithm: 'ecdsa-p256' as const, pem: 'x' }
const profile = (restart: 'reboot' | 'none', from: 'mender.provides' | 'mender.artifact-info', signers = [signer]) =>
  Profile.safeParse({
    format: 'slipway.profile/1',
    type: 'acme-winch',
    title: 'Winch',
    vendor: 'Acme',
    drivers: [{ driver: 'mender', link: 'ssh', restart }],
    identity: { serial: { source: { from: 'mender.device-type' } } },
    components: [{ id: 'system', title: 'System', version: { source: { from } } }],
    signers,
  } satisfies ProfileInput)

test('a profile of a Mender device names the key that its client must judge by', () => {
  expect(profile('none', 'mender.provides').success).toBe(true)
  expect(profile('none', 'mender.provides', []).error?.message).toContain('signer')
})

test('after a restart the client does not count as a witness of what runs', () => {
  expect(profile('reboot', 'mender.artifact-info').success).toBe(true)
  expect(profile('reboot', 'mender.provides').error?.message).toContain('mender.artifact-info')
})

test('no script outside of its folder is ever run for a reading', () => {
  const read = (script: string) =>
    Profile.shape.identity.shape.serial.safeParse({
      source: { from: 'mender.script', kind: 'inventory', script, key: 'a' },
    })
  expect(read('mender-inventory-os').success).toBe(true)
  for (const script of ['../x', 'a/b', '.hidden', '-rf', '']) expect(read(script).success).toBe(false)
})
