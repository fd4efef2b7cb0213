import { expect, test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { readCms } from '../../../electron/host/crypto/cms.ts'
import { isAppError } from '../../../shared/errors.ts'
import type { ArtifactKind } from '../../../shared/model/artifact.ts'
import { FUZZ_MS, fuzz } from '../../fixtures/artifacts/fuzz.ts'
import { makeMender } from '../../fixtures/artifacts/makers.ts'
import { mendTar } from '../../fixtures/artifacts/mend.ts'
import { CERTIFICATES, cmsSample, SAMPLE_SIGNERS, SIGNED_TEXT, sample } from '../../fixtures/artifacts/samples.ts'

const run = (kind: ArtifactKind) => async (bytes: Uint8Array) => {
  try {
    await inspect(memorySource(bytes), kind, SAMPLE_SIGNERS)
  } catch (error) {
    if (!isAppError(error) || !error.code.startsWith('artifact.')) throw error
  }
}

const anchors = [{ id: 'ca', pem: CERTIFICATES.ca }]

test('packages, bundles and their signatures under fire', { timeout: FUZZ_MS }, async () => {
  const rounds = await fuzz([
    { name: 'swu', seeds: [sample('cms.swu')], run: run('swu') },
    {
      name: 'mender',
      seeds: [sample('ec.mender'), sample('rsa.mender'), makeMender({ pack: 'none' }), makeMender({ pack: 'zstd' })],
      mend: mendTar,
      run: run('mender'),
    },
    { name: 'rauc', seeds: [sample('plain.raucb'), sample('verity.raucb')], run: run('rauc') },
    {
      name: 'cms',
      seeds: ['ec', 'rsa', 'pss', 'attached', 'noattr', 'keyid', 'two'].map(cmsSample),
      run: async (bytes) => {
        readCms(bytes)?.verify({ digest: () => new Uint8Array(32), whole: SIGNED_TEXT }, anchors)
      },
    },
  ])
  expect(rounds).toBeGreaterThanOrEqual(50)
})
