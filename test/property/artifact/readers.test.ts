import * as fc from 'fast-check'
import { test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { parseDescription } from '../../../electron/host/artifact/swu/description.ts'
import { generateEd25519 } from '../../../electron/host/crypto/ed25519.ts'
import { ed25519ImageSigner, ed25519Pem, makeMcuboot } from '../../../electron/sim/artifacts/mcuboot-maker.ts'
import { makeSwu } from '../../../electron/sim/artifacts/swu-maker.ts'
import { isAppError } from '../../../shared/errors.ts'
import type { ArtifactFacts, ArtifactKind } from '../../../shared/model/artifact.ts'

const key = generateEd25519()
const signers = [{ id: 'k', algorithm: 'ed25519' as const, pem: ed25519Pem(key.publicKey) }]
const images: Record<'mcuboot' | 'swu', Uint8Array> = {
  mcuboot: makeMcuboot({
    version: '1.2.3',
    body: new Uint8Array(200).fill(7),
    protectedTlvs: [{ type: 0x50, value: new Uint8Array(4) }],
    sign: ed25519ImageSigner(key.secretKey),
  }),
  swu: await makeSwu({
    version: '1',
    hardware: ['1.0'],
    images: [{ name: 'a', bytes: new Uint8Array(100).fill(9), device: '/dev/x' }],
  }),
}

async function factsOrCode(bytes: Uint8Array, kind: ArtifactKind): Promise<ArtifactFacts | null> {
  try {
    return await inspect(memorySource(bytes), kind, signers)
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('artifact.')) return null
    throw error
  }
}

const edit = fc.oneof(
  fc.record({ do: fc.constant('flip' as const), at: fc.nat(4000), by: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ do: fc.constant('cut' as const), at: fc.nat(4000), by: fc.nat(400) }),
  fc.record({ do: fc.constant('insert' as const), at: fc.nat(4000), by: fc.nat(255) }),
)

function apply(
  bytes: Uint8Array,
  { do: what, at, by }: { do: 'flip' | 'cut' | 'insert'; at: number; by: number },
): Uint8Array {
  const copy = Buffer.from(bytes)
  const index = at % bytes.length
  if (what === 'cut') return Buffer.concat([copy.subarray(0, index), copy.subarray(index + by)])
  if (what === 'insert') return Buffer.concat([copy.subarray(0, index), Uint8Array.of(by), copy.subarray(index)])
  copy[index] = (copy[index] ?? 0) ^ by
  return copy
}

const HASHED = 32 + 200 + 12

test('no damage to what a signature covers leaves it good', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const bytes = edits.reduce(apply, images.mcuboot)
      // Header, body and protected TLVs: what the signature stands for.
      const same = Buffer.from(bytes.subarray(0, HASHED)).equals(images.mcuboot.subarray(0, HASHED))
      const facts = await factsOrCode(bytes, 'mcuboot')
      return same || facts?.signature !== 'good'
    }),
    { numRuns: 600 },
  )
})

test('a damaged SWU is readable or a coded error, and never hangs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      await factsOrCode(edits.reduce(apply, images.swu), 'swu')
    }),
    { numRuns: 600 },
  )
})

test('any bytes are facts or a coded error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 600 }),
      fc.constantFrom('mcuboot' as const, 'swu' as const),
      (bytes, kind) => factsOrCode(bytes, kind).then(() => true),
    ),
  )
})

test('any text is a description or a coded error', () => {
  const piece = fc.constantFrom(
    'software',
    '=',
    ':',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ';',
    ',',
    '"',
    '\\',
    '1',
    ' ',
    '/*',
    'images',
    'filename',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(text, (source) => {
      try {
        parseDescription(source)
        return true
      } catch (error) {
        return isAppError(error, 'artifact.unreadable')
      }
    }),
    { numRuns: 1000 },
  )
})
