import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import type { ArtifactStore } from '../../../electron/host/sync/artifact-store.ts'
import type { Library } from '../../../electron/host/trust/library.ts'
import { ArtifactInspector } from '../../../electron/host/wiring/artifact-inspector.ts'
import { OfferedFiles } from '../../../electron/host/wiring/offered-files.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Profile, SignerKey } from '../../../shared/model/profile.ts'
import { SAMPLE_SIGNERS, sample } from '../../fixtures/artifacts/samples.ts'
import { cranePlan, craneProfile } from '../../fixtures/crane.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const never = new AbortController().signal
const image = sample('ed25519.mcuboot.bin')
const TARGET = 'artifacts/crane-2.5.0.bin'
const imgtool = SAMPLE_SIGNERS.filter(({ id }) => id === 'imgtool')

const typeOf = (
  type: string,
  signers: readonly SignerKey[],
  change: Partial<Parameters<typeof craneProfile>[0]> = {},
) => craneProfile({ type, title: type, signers: [...signers], ...change })

/** A console that trusts these profiles and has the sample image on board, named by a plan. */
function setUp(profiles: readonly Profile[], held: Buffer | null = image) {
  const dir = tempDir()
  const info = {
    path: TARGET,
    length: image.length,
    sha256: sha256Hex(image),
    custom: { slipway: { kind: 'mcuboot', component: 'app', version: '2.5.0+7', deviceTypes: ['acme-crane'] } },
    role: 'targets',
    chain: [],
  }
  const plan = cranePlan({ artifacts: [{ component: 'app', target: TARGET, version: '2.5.0+7' }] })
  const library = {
    profiles: new Map(profiles.map((document) => [document.type, { document, target: info }])),
    plans: new Map([[plan.id, { document: plan, target: info }]]),
    target: (path: string) => (path === TARGET ? info : null),
  } as unknown as Library
  const close = vi.fn<() => Promise<void>>(async () => {})
  const store = {
    open: async () => {
      if (!held) throw new AppError('artifact.missing')
      return { length: held.length, read: async (at: number, length: number) => held.subarray(at, at + length), close }
    },
  } as unknown as ArtifactStore
  const offered = new OfferedFiles(join(dir, 'offered'))
  return { dir, close, offered, inspector: new ArtifactInspector({ store, library: () => library, offered }) }
}

test('a file on board: what it is, which plan installs it, and whether its signature fits its own types', async () => {
  const { inspector, close } = setUp([typeOf('acme-crane', imgtool), typeOf('acme-gateway', [])])
  const found = await inspector.target(TARGET, never)
  expect(found).toMatchObject({
    name: 'crane-2.5.0.bin',
    bytes: image.length,
    sha256: sha256Hex(image),
    kind: 'mcuboot',
    facts: { version: '2.5.0+7', signature: 'not-checked' },
    trouble: null,
    published: [{ target: TARGET, component: 'app', version: '2.5.0+7', deviceTypes: ['acme-crane'] }],
    plans: [{ id: 'crane-2.5.0' }],
    types: [{ type: 'acme-crane', signature: 'good', signer: 'imgtool', refused: null }],
  })
  expect(close).toHaveBeenCalledOnce()
})

test('any file: each type that takes its kind says what it makes of it', async () => {
  const others = SAMPLE_SIGNERS.filter(({ id }) => id === 'acme-ca')
  const winch = typeOf('acme-winch', [], { drivers: [{ driver: 'swupdate', link: 'http' }] })
  const { inspector, dir } = setUp([
    typeOf('acme-crane', imgtool),
    typeOf('other-crane', others),
    typeOf('loose', []),
    winch,
  ])
  const path = join(dir, 'copy.bin')
  writeFileSync(path, image)
  const { types, published } = await inspector.file(path, never)
  expect(types).toEqual([
    { type: 'acme-crane', title: 'acme-crane', signature: 'good', signer: 'imgtool', refused: null },
    expect.objectContaining({
      type: 'other-crane',
      signature: 'unknown-signer',
      refused: expect.objectContaining({ code: 'artifact.bad-signature' }),
    }),
    { type: 'loose', title: 'loose', signature: 'not-checked', signer: null, refused: null },
  ])
  // The same bytes under another name are still the published ones.
  expect(published).toHaveLength(1)
})

test('a file that cannot be understood is an answer, not a failure', async () => {
  const { inspector, dir } = setUp([typeOf('acme-crane', imgtool)])
  const path = join(dir, 'half.bin')
  writeFileSync(path, image.subarray(0, 600))
  expect(await inspector.file(path, never)).toMatchObject({
    kind: 'mcuboot',
    facts: null,
    trouble: { code: 'artifact.unreadable' },
    types: [],
    published: [],
  })
})

test.each([
  ['that is not there', (dir: string) => join(dir, 'nothing'), 'file.not-found'],
  ['that is a folder', (dir: string) => dir, 'file.unreadable'],
  ['that never ends', () => '/dev/zero', 'file.unreadable'],
])('a file %s', async (_, path, code) => {
  const { inspector, dir } = setUp([])
  await expect(inspector.file(path(dir), never)).rejects.toMatchObject({ code })
})

test('what nobody signed for, and what is not on board', async () => {
  await expect(setUp([]).inspector.target('artifacts/other.bin', never)).rejects.toMatchObject({
    code: 'trust.unknown-target',
  })
  await expect(setUp([], null).inspector.target(TARGET, never)).rejects.toMatchObject({ code: 'artifact.missing' })
})

test('whoever asked and went away stops the reading', async () => {
  const { inspector, dir } = setUp([])
  writeFileSync(join(dir, 'a'), 'x')
  await expect(inspector.file(join(dir, 'a'), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
})

function parts(bytes: Buffer, size: number, file = randomUUID()) {
  const list = []
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += size) {
    const part = bytes.subarray(offset, offset + size).toString('base64')
    list.push({ file, name: 'from-a-page.bin', length: bytes.length, offset, bytes: part })
  }
  return list
}

test('a page hands a file over part by part; nothing of it stays', async () => {
  const { inspector, dir } = setUp([typeOf('acme-crane', imgtool)])
  const answers = []
  for (const part of parts(image, 500)) answers.push(await inspector.part(part, never))
  expect(answers.map(({ received }) => received)).toEqual([500, 1000, image.length])
  expect(answers.at(-1)?.inspection).toMatchObject({ name: 'from-a-page.bin', types: [{ signature: 'good' }] })
  expect(readdirSync(join(dir, 'offered'))).toEqual([])
})

test('an empty file is plain bytes', async () => {
  const [part] = parts(Buffer.alloc(0), 10)
  const { inspection } = await setUp([]).inspector.part(part as never, never)
  expect(inspection).toMatchObject({ kind: 'raw', bytes: 0 })
})

test('a part out of order ends it', async () => {
  const { inspector, dir } = setUp([])
  const [first, , third] = parts(image, 500)
  await inspector.part(first as never, never)
  await expect(inspector.part(third as never, never)).rejects.toMatchObject({ code: 'rpc.bad-input' })
  expect(readdirSync(join(dir, 'offered'))).toEqual([])
})

test('a page that never ends what it starts is forgotten, and so is the first of too many', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { inspector, dir } = setUp([])
    const starts = Array.from({ length: 5 }, () => parts(image, 500)[0])
    for (const start of starts) await inspector.part(start as never, never)
    expect(readdirSync(join(dir, 'offered'))).toHaveLength(4)
    expect(readdirSync(join(dir, 'offered'))).not.toContain(`${starts[0]?.file}.part`)
    vi.advanceTimersByTime(60_000)
    vi.useRealTimers()
    await expect.poll(() => readdirSync(join(dir, 'offered'))).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})

test('what a killed host left behind is cleared at the next start', async () => {
  const { dir, offered } = setUp([])
  mkdirSync(join(dir, 'offered'))
  writeFileSync(join(dir, 'offered', 'x.part'), 'left')
  await offered.clear()
  expect(existsSync(join(dir, 'offered'))).toBe(false)
})

test('a file beyond all sense is refused before its first byte', async () => {
  const part = { ...(parts(image, 500)[0] as never as object), length: 2 ** 40 }
  await expect(setUp([]).inspector.part(part as never, never)).rejects.toMatchObject({ code: 'file.too-large' })
})
