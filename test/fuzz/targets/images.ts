import { identify } from '../../../electron/host/artifact/identify.ts'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memoriesIn, type RecordKind } from '../../../electron/host/artifact/records/inspect.ts'
import { flatten } from '../../../electron/host/artifact/records/memory-image.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { makeMcuboot } from '../../../electron/sim/artifacts/mcuboot-maker.ts'
import type { ArtifactKind } from '../../../shared/model/artifact.ts'
import { makeDfu, makeDfuse, makeUf2 } from '../../fixtures/artifacts/makers.ts'
import { mendDfu, mendHex } from '../../fixtures/artifacts/mend.ts'
import { SAMPLE_SIGNERS, sample } from '../../fixtures/artifacts/samples.ts'
import type { FuzzTarget } from '../target.ts'

const image = makeMcuboot({ version: '1.2.3', body: Buffer.alloc(200, 7) })
const elements = [
  { address: 0x08000000, bytes: image },
  { address: 0x08010000, bytes: Buffer.alloc(40) },
]

/** All that is done with such a file: told apart, explained, made raw. */
const run = (kind: ArtifactKind) => async (bytes: Uint8Array) => {
  const source = memorySource(bytes)
  await identify(source)
  await inspect(source, kind, SAMPLE_SIGNERS)
  if (!['srec', 'intel-hex', 'uf2'].includes(kind)) return
  for (const { memory } of (await memoriesIn(source, kind as RecordKind)).families) flatten(memory)
}

export const IMAGES: readonly FuzzTarget[] = [
  {
    name: 'MCUboot image',
    seeds: ['ed25519.mcuboot.bin', 'padded.mcuboot.bin', 'confirmed.mcuboot.bin'].map(sample),
    run: run('mcuboot'),
  },
  { name: 'DFU suffix', seeds: [sample('suffix.dfu'), makeDfu(image)], mend: mendDfu, run: run('dfu') },
  {
    name: 'DfuSe file',
    seeds: [makeDfuse([{ alternate: 0, name: 'flash', elements }]), makeDfuse([])],
    mend: mendDfu,
    run: run('dfuse'),
  },
  { name: 'S-records', seeds: [sample('gap.srec')], mend: mendHex, run: run('srec') },
  { name: 'Intel HEX', seeds: [sample('gap.hex')], mend: mendHex, run: run('intel-hex') },
  { name: 'UF2', seeds: [makeUf2(elements.map((each) => ({ ...each, family: 7 })))], run: run('uf2') },
]
