import { expect, test } from 'vitest'
import { identify } from '../../../electron/host/artifact/identify.ts'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import type { ArtifactFact } from '../../../shared/model/artifact.ts'
import { SAMPLE_SIGNERS, sample } from '../../fixtures/artifacts/samples.ts'

/** Files that other people's tools made: the kind is told by their marks, and every signature fits. */
test.each([
  [
    'ed25519.mcuboot.bin',
    'mcuboot',
    { version: '2.5.0+7', signature: 'good', signer: 'imgtool' },
    ['needs', 'image 1 >= 1.2.3'],
  ],
  ['padded.mcuboot.bin', 'mcuboot', { signature: 'good', trailer: 'trial' }, ['slot-trailer', 'trial']],
  ['confirmed.mcuboot.bin', 'mcuboot', { signature: 'good', trailer: 'permanent' }, ['slot-trailer', 'permanent']],
  [
    'cms.swu',
    'swu',
    { version: '1.0.1', hardware: ['1.2'], signature: 'good', signer: 'acme-ca' },
    ['signature-kind', 'CMS'],
  ],
  [
    'ec.mender',
    'mender',
    { version: 'app-2', hardware: ['board-a', 'board-b'], signature: 'good', signer: 'mender-ec' },
    ['needs', 'rootfs-image.version = base-1'],
  ],
  [
    'rsa.mender',
    'mender',
    { version: 'app-2', signature: 'good', signer: 'mender-rsa' },
    ['payload-type', 'single-file'],
  ],
  [
    'plain.raucb',
    'rauc',
    { version: '2026.11-1', hardware: ['board-a'], signature: 'good', signer: 'acme-ca' },
    ['image', 'rootfs: rootfs.img (6000 B)'],
  ],
  ['verity.raucb', 'rauc', { version: '2026.11-1', signature: 'good', signer: 'acme-ca' }, ['format', 'RAUC verity']],
  ['suffix.dfu', 'dfu', { version: null, signature: 'none' }, ['usb-id', '0483:df11']],
  ['gap.srec', 'srec', { signature: 'none' }, ['gaps', '1 (65236 B)']],
  ['gap.hex', 'intel-hex', { signature: 'none' }, ['start-address', '0x00008001']],
  ['payload.bin', 'raw', { signature: 'none', version: null }, null],
] as const)('%s is %s', async (name, kind, expected, fact) => {
  const source = memorySource(sample(name))
  expect(await identify(source)).toBe(kind)
  const facts = await inspect(source, kind, SAMPLE_SIGNERS)
  expect(facts).toMatchObject({ kind, ...expected })
  const wanted: ArtifactFact[] = fact ? [{ name: fact[0], value: fact[1] }] : []
  expect(facts.facts).toEqual(expect.arrayContaining(wanted))
})

const SIGNED = ['cms.swu', 'ec.mender', 'plain.raucb', 'verity.raucb', 'ed25519.mcuboot.bin']

test.each(SIGNED)('%s: no turned bit leaves what was signed looking good', async (name) => {
  const source = memorySource(sample(name))
  const kind = await identify(source)
  const good = await inspect(source, kind, SAMPLE_SIGNERS)
  for (let at = 0; at < source.length; at += 37) {
    const bytes = sample(name)
    bytes[at] = (bytes[at] ?? 0) ^ 4
    const facts = await inspect(memorySource(bytes), kind, SAMPLE_SIGNERS).catch(() => null)
    // Padding between members is nobody's; then nothing that is told may have changed either.
    expect(facts?.signature === 'good' ? facts : good, `byte ${at}`).toEqual(good)
  }
})

test.each([
  ['mcuboot', 'ed25519.mcuboot.bin'],
  ['swu', 'cms.swu'],
  ['mender', 'ec.mender'],
  ['rauc', 'verity.raucb'],
] as const)('%s: without signers in the profile a signature is there, and nobody checked it', async (kind, name) => {
  expect(await inspect(memorySource(sample(name)), kind, [])).toMatchObject({ signature: 'not-checked', signer: null })
})

test('a file that is cut short anywhere is refused', async () => {
  for (const name of ['cms.swu', 'ec.mender', 'verity.raucb', 'suffix.dfu', 'gap.srec', 'gap.hex']) {
    const whole = sample(name)
    const kind = await identify(memorySource(whole))
    for (let length = 1; length < whole.length - 1024; length += 97) {
      await expect(
        inspect(memorySource(whole.subarray(0, length)), kind, []),
        `${name} ${length}`,
      ).rejects.toMatchObject({
        code: expect.stringMatching(/^artifact\.(?:unreadable|corrupt)$/),
      })
    }
  }
})
