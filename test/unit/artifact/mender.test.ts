import { generateKeyPairSync, sign as nodeSign } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { readTar } from '../../../electron/host/artifact/mender/tar.ts'
import { type ArtifactSource, memorySource } from '../../../electron/host/artifact/source.ts'
import type { SignerKey } from '../../../shared/model/profile.ts'
import { type MadeMender, makeMender, makeTar, type TarMember } from '../../fixtures/artifacts/makers.ts'

const read = (made: MadeMender = {}, signers: readonly SignerKey[] = []) =>
  inspect(memorySource(makeMender(made)), 'mender', signers)
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signer: SignerKey = {
  id: 'ec',
  algorithm: 'ecdsa-p256',
  pem: String(publicKey.export({ type: 'spki', format: 'pem' })),
}

test.each(['none', 'gzip', 'zstd'] as const)('packed with %s', async (pack) => {
  expect(await read({ pack })).toMatchObject({ version: 'app-1', hardware: ['board-a'], signature: 'none' })
})

test.each(['der', 'ieee-p1363'] as const)('ECDSA as %s', async (dsaEncoding) => {
  const sign = (manifest: Buffer) => nodeSign('sha256', manifest, { key: privateKey, dsaEncoding })
  expect(await read({ sign }, [signer])).toMatchObject({ signature: 'good', signer: 'ec' })
})

/** An archive of 40 MiB that goes into some KiB: texts and scripts, none of them long, and all empty. */
const zeros = makeTar([
  [
    'header-info',
    '{"payloads":[{"type":"x"}],"artifact_provides":{"artifact_name":"a"},"artifact_depends":{"device_type":["b"]}}',
  ],
  ...Array.from({ length: 45 }, (_, index): TarMember => [`scripts/${index}`, Buffer.alloc(900_000)]),
])

const without = (name: string) => (members: TarMember[]) => members.filter(([each]) => !each.startsWith(name))
const renamed = (from: string, to: string) => (members: TarMember[]) =>
  members.map(([name, ...rest]) => [name === from ? to : name, ...rest] as const)

test.each([
  ['no version', without('version'), 'not-mender'],
  ['no manifest', without('manifest'), 'member-order'],
  ['no header', without('header'), 'member-order'],
  ['no payload', without('data'), 'file-missing'],
  [
    'another order',
    (members: TarMember[]) => [members[0], members[2], members[1], members[3]] as TarMember[],
    'member-order',
  ],
  [
    'a second payload',
    (members: TarMember[]) => [...members, ['data/0001.tar.gz', gzipSync(makeTar([['x', 'y']]))] as const],
    'not-in-manifest',
  ],
  ['a member of its own', (members: TarMember[]) => [...members, ['extra', 'x'] as const], 'member-order'],
  [
    'an unsigned part',
    (members: TarMember[]) => [...members.slice(0, 2), ['manifest-augment', 'x'] as const, ...members.slice(2)],
    'augmented',
  ],
  ['a packer that nobody knows', renamed('header.tar.gz', 'header.tar.br'), 'compression'],
  ['another name in the manifest', renamed('data/0000.tar.gz', 'data/0001.tar.gz'), 'member-order'],
  [
    'a payload that is no archive',
    (members: TarMember[]) => [...members.slice(0, 3), ['data/0000.tar.gz', gzipSync('x')] as const],
    'too-short',
  ],
  [
    'a link in the payload',
    (members: TarMember[]) => [
      ...members.slice(0, 3),
      ['data/0000.tar.gz', gzipSync(makeTar([['app.bin', '', '2']]))] as const,
    ],
    'tar-type',
  ],
  [
    'a path in the payload',
    (members: TarMember[]) => [
      ...members.slice(0, 3),
      ['data/0000.tar.gz', gzipSync(makeTar([['../app.bin', 'x']]))] as const,
    ],
    'payload-name',
  ],
] as const)('%s is refused', async (_, change, reason) => {
  await expect(read({ change })).rejects.toMatchObject({ code: 'artifact.unreadable', detail: { reason } })
})

test('another payload than the manifest names is corrupt', async () => {
  const change = (members: TarMember[]) => [
    ...members.slice(0, 3),
    ['data/0000.tar.gz', gzipSync(makeTar([['app.bin', 'other']]))] as const,
  ]
  await expect(read({ change })).rejects.toMatchObject({
    code: 'artifact.corrupt',
    detail: { file: 'data/0000/app.bin' },
  })
})

test('xz is not read, and that is said', async () => {
  const change = (members: TarMember[]) => [...members.slice(0, 3), ['data/0000.tar.xz', 'anything'] as const]
  const { facts } = await read({ change })
  expect(facts).toContainEqual({ name: 'unread', value: 'data/0000.tar.xz' })
})

test.each(['gzip', 'zstd'] as const)('a header that unpacks to more than any header is refused: %s', async (pack) => {
  const [bomb, name] =
    pack === 'gzip' ? [gzipSync(zeros), 'header.tar.gz'] : [zstdCompressSync(zeros), 'header.tar.zst']
  const change = (members: TarMember[]) =>
    members.map(([each, ...rest]) => (each === name ? ([name, bomb] as const) : ([each, ...rest] as const)))
  await expect(read({ pack, change })).rejects.toMatchObject({ detail: { reason: 'expands-too-far' } })
})

test('long names and sizes by pax records, as Go writes them', async () => {
  const name = `headers/${'x'.repeat(200)}`
  const record = (key: string, value: string) => {
    let length = key.length + value.length + 3
    while (`${length}`.length + key.length + value.length + 3 !== length) length += 1
    return `${length} ${key}=${value}\n`
  }
  const archive = makeTar([
    ['pax', record('path', name), 'x'],
    ['short', 'content'],
  ])
  const found: string[] = []
  for await (const entry of readTar(only(archive))) found.push(entry.name)
  expect(found).toEqual([name])
})

test('an entry that nobody reads is passed over, and so is the rest of one', async () => {
  const archive = makeTar([
    ['a', 'x'.repeat(3000)],
    ['b', 'y'.repeat(3000)],
    ['c', 'z'],
  ])
  const found: string[] = []
  for await (const { name, bytes } of readTar(inPieces(archive, 700))) {
    found.push(name)
    if (name === 'b') for await (const _ of bytes) break
  }
  expect(found).toEqual(['a', 'b', 'c'])
})

test('a payload of 1 GiB is read in pieces', async () => {
  const size = 1024 ** 3
  const head = makeTar([['app.bin', '']]).subarray(0, 512)
  head.write('10000000000\0', 124, 'latin1')
  head.fill(0x20, 148, 156)
  head.write(
    `${head
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  )
  const small = makeMender({ pack: 'none' })
  const dataAt = small.indexOf('data/0000.tar\0')
  const outer = makeTar([['data/0000.tar', '']]).subarray(0, 512)
  outer.write(`${(512 + size + 1024).toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  outer.fill(0x20, 148, 156)
  outer.write(
    `${outer
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  )
  const start = Buffer.concat([small.subarray(0, dataAt), outer, head])
  let largest = 0
  const source: ArtifactSource = {
    length: start.length + size + 2048,
    async read(offset, length) {
      largest = Math.max(largest, length)
      const bytes = Buffer.alloc(length)
      if (offset < start.length) start.copy(bytes, 0, offset)
      return bytes
    },
  }
  await expect(inspect(source, 'mender', [])).rejects.toMatchObject({ code: 'artifact.corrupt' })
  expect(largest).toBeLessThanOrEqual(1024 * 1024)
})

async function* only(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
