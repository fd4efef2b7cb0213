import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { readCms } from '../../../electron/host/crypto/cms.ts'
import type { ArtifactKind } from '../../../shared/model/artifact.ts'
import { makeMender } from '../../fixtures/artifacts/makers.ts'
import { mendTar } from '../../fixtures/artifacts/mend.ts'
import { CERTIFICATES, cmsSample, SAMPLE_SIGNERS, SIGNED_TEXT, sample } from '../../fixtures/artifacts/samples.ts'
import type { FuzzTarget } from '../target.ts'

const run = (kind: ArtifactKind) => (bytes: Uint8Array) => inspect(memorySource(bytes), kind, SAMPLE_SIGNERS)
const anchors = [{ id: 'ca', pem: CERTIFICATES.ca }]

export const PACKAGES: readonly FuzzTarget[] = [
  { name: 'SWUpdate package', seeds: [sample('cms.swu')], run: run('swu') },
  {
    name: 'Mender artifact',
    seeds: [sample('ec.mender'), sample('rsa.mender'), makeMender({ pack: 'none' }), makeMender({ pack: 'zstd' })],
    mend: mendTar,
    run: run('mender'),
  },
  { name: 'RAUC bundle', seeds: [sample('plain.raucb'), sample('verity.raucb')], run: run('rauc') },
  {
    name: 'CMS signature',
    seeds: ['ec', 'rsa', 'pss', 'attached', 'noattr', 'keyid', 'two'].map(cmsSample),
    run: (bytes) => readCms(bytes)?.verify({ digest: () => new Uint8Array(32), whole: SIGNED_TEXT }, anchors),
  },
]
