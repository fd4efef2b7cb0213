import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { CERTIFICATES, SAMPLE_SIGNERS, sample } from '../../fixtures/artifacts/samples.ts'
import { cli } from '../../fixtures/fake-host/cli-harness.ts'
import { INSPECTION } from '../../fixtures/scripted-host/inspection-data.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const alone = {
  world: {
    openHost: async () => {
      throw new AppError('host.unavailable')
    },
  },
}

function put(name: string, bytes: Buffer | string = sample(name)): string {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  return path
}

const pemOf = (id: string) => SAMPLE_SIGNERS.find((signer) => signer.id === id)?.pem ?? ''

test.each([
  ['ed25519.mcuboot.bin', 'imgtool', ['MCUboot image', '2.5.0+7', 'image 1 >= 1.2.3', 'good: key.pem']],
  ['cms.swu', 'acme-ca', ['SWUpdate package', '1.0.1', '1.2', 'good: key.pem']],
  [
    'ec.mender',
    'mender-ec',
    ['Mender artifact', 'app-2', 'board-a, board-b', 'rootfs-image.version = base-1', 'good: key.pem'],
  ],
  ['rsa.mender', 'mender-rsa', ['Mender artifact', 'good: key.pem']],
  ['verity.raucb', 'acme-ca', ['RAUC bundle', '2026.11-1', 'RAUC verity', 'good: key.pem']],
])('%s is told without a host', async (name, id, words) => {
  const result = await cli(['artifact', 'inspect', put(name), '--key', 'key.pem'], {
    ...alone,
    files: { 'key.pem': pemOf(id) },
  })
  expect({ code: result.code, err: result.err }).toEqual({ code: 0, err: '' })
  for (const word of words) expect(result.out).toContain(word)
})

test('with a key that did not sign it the exit code says so', async () => {
  const result = await cli(['--json', 'artifact', 'inspect', put('cms.swu'), '--key', 'key.pem'], {
    ...alone,
    files: { 'key.pem': CERTIFICATES['mail-rsa'] },
  })
  expect(result.code).toBe(6)
  expect(JSON.parse(result.out)).toMatchObject({ kind: 'swu', facts: { signature: 'unknown-signer' } })
})

test('without keys and a host a sound file is no failure, a broken one is', async () => {
  const sound = await cli(['artifact', 'inspect', put('ec.mender')], alone)
  expect(sound).toMatchObject({ code: 0 })
  expect(sound.out).toContain('there; no key to check it with')
  const broken = await cli(['artifact', 'inspect', put('ec.mender', sample('ec.mender').subarray(0, 3000))], alone)
  expect(broken.code).toBe(6)
  expect(broken.out).toContain('too-short')
})

test('a host that runs is asked, and none is started for it', async () => {
  const path = put('cms.swu')
  const result = await cli(['artifact', 'inspect', path], { answers: { 'artifacts.inspectFile': () => INSPECTION } })
  expect(result.opened).toMatchObject({ start: false })
  expect(result.calls).toEqual([['artifacts.inspectFile', { path }]])
  expect(result.out).toContain('Acme deck crane')
  expect(result.out).toContain('artifacts/crane-2.5.0.bin')
})

test('what is no key, and what is no file', async () => {
  const noKey = await cli(['artifact', 'inspect', put('cms.swu'), '--key', 'k'], { ...alone, files: { k: 'no key' } })
  expect(noKey.code).toBe(11)
  expect((await cli(['artifact', 'inspect', '/nothing/here'], alone)).code).toBe(11)
})

test('hex becomes raw, and gaps are told', async () => {
  const [from, to] = [put('gap.hex'), join(tempDir(), 'out.bin')]
  const result = await cli(['--json', 'artifact', 'convert', from, to, '--fill', '0'], alone)
  expect(result.err).toBe('')
  expect(JSON.parse(result.out)).toEqual({
    kind: 'intel-hex',
    address: '0x00008000',
    bytes: 0x10000 + 300,
    gaps: 1,
    filled: 65_236,
  })
  const bytes = readFileSync(to)
  expect(bytes.subarray(0, 300).equals(sample('payload.bin'))).toBe(true)
  expect(bytes.subarray(300, 0x10000).every((byte) => byte === 0)).toBe(true)
  expect(bytes.subarray(0x10000).equals(sample('payload.bin'))).toBe(true)
})

test('a DFU suffix is taken off; what is raw already is refused; a bad fill is a usage error', async () => {
  const to = join(tempDir(), 'out.bin')
  expect((await cli(['artifact', 'convert', put('suffix.dfu'), to], alone)).code).toBe(0)
  expect(readFileSync(to).equals(sample('payload.bin').subarray(0, 200))).toBe(true)
  expect((await cli(['artifact', 'convert', put('payload.bin'), to], alone)).code).toBe(6)
  expect((await cli(['artifact', 'convert', put('gap.hex'), to, '--fill', '256'], alone)).code).toBe(2)
})
