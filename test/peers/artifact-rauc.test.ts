import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identify } from '../../electron/host/artifact/identify.ts'
import { inspect } from '../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../electron/host/artifact/source.ts'
import { Authority, type Leaf } from './artifacts/authority.ts'
import { fileSource, needsTools, signer, tool } from './artifacts/tools.ts'

/** Bundles made and signed by RAUC itself. */
let dir: string
let ca: Authority
let stranger: Authority
let leaf: Leaf
const path = (name: string) => join(dir, name)
const trusted = () => [signer('acme-ca', 'cms', ca.certificate)]

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-rauc-'))
  ca = new Authority(dir, 'acme')
  stranger = new Authority(dir, 'stranger')
  leaf = ca.leaf('publisher', 'mail')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function bundle(name: string, format: string, { key, certificate }: Leaf, args: readonly string[] = []): string {
  const content = path(`${name}.d`)
  mkdirSync(content)
  writeFileSync(join(content, 'rootfs.img'), randomBytes(3_000_000))
  writeFileSync(
    join(content, 'manifest.raucm'),
    `[update]\ncompatible=board-a\nversion=2026.11-1\ndescription=Quay release\nbuild=20261120\n
[bundle]\nformat=${format}\n\n[image.rootfs]\nfilename=rootfs.img\n`,
  )
  const out = path(`${name}.raucb`)
  tool('rauc', ['bundle', `--cert=${certificate}`, `--key=${key}`, ...args, content, out])
  return out
}

test.for([
  ['plain', 'gzip'],
  ['plain', 'zstd'],
  ['verity', 'gzip'],
] as const)('a %s bundle packed with %s', async ([format, compressor], context) => {
  needsTools(context, 'rauc', 'mksquashfs', 'openssl')
  const file = bundle(`${format}-${compressor}`, format, leaf, [`--mksquashfs-args=-comp ${compressor}`])
  const source = fileSource(file)
  expect(await identify(source)).toBe('rauc')
  const facts = await inspect(source, 'rauc', trusted())
  expect(facts).toMatchObject({
    kind: 'rauc',
    version: '2026.11-1',
    hardware: ['board-a'],
    signature: 'good',
    signer: 'acme-ca',
  })
  expect(facts.facts).toEqual(
    expect.arrayContaining([
      { name: 'format', value: `RAUC ${format}` },
      { name: 'description', value: 'Quay release' },
      { name: 'image', value: 'rootfs: rootfs.img (3000000 B)' },
    ]),
  )
  expect(await inspect(source, 'rauc', [])).toMatchObject({ signature: 'not-checked', version: '2026.11-1' })
  const others = [signer('other', 'cms', stranger.certificate)]
  expect(await inspect(source, 'rauc', others)).toMatchObject({ signature: 'unknown-signer', signer: null })

  // The file system starts with a block of rootfs.img: past the superblock, one turned bit.
  const bytes = readFileSync(file)
  bytes[200] = (bytes[200] ?? 0) ^ 1
  const told = await inspect(memorySource(bytes), 'rauc', trusted()).then(
    ({ signature }) => signature,
    ({ code }: { code: string }) => code,
  )
  expect(told).toBe(format === 'plain' ? 'bad' : 'artifact.corrupt')
})

test('xz is not read, and that is said; the signature is judged all the same', async (context) => {
  needsTools(context, 'rauc', 'mksquashfs', 'openssl')
  const source = fileSource(bundle('xz', 'plain', leaf, ['--mksquashfs-args=-comp xz']))
  const facts = await inspect(source, 'rauc', trusted())
  expect(facts).toMatchObject({ signature: 'good', version: null, hardware: [] })
  expect(facts.facts).toContainEqual({ name: 'unread', value: 'manifest.raucm' })
})

test('a certificate for servers signs no firmware', async (context) => {
  needsTools(context, 'rauc', 'mksquashfs', 'openssl')
  const source = fileSource(bundle('server', 'plain', ca.leaf('server', 'server')))
  expect(await inspect(source, 'rauc', trusted())).toMatchObject({ signature: 'unknown-signer' })
})

test('an authority below the named one, carried in the bundle', async (context) => {
  needsTools(context, 'rauc', 'mksquashfs', 'openssl')
  const below = ca.leaf('below', 'ca', 'rsa:2048')
  // Signed by hand: `Authority` keys itself by its name.
  tool('openssl', [
    'req',
    '-new',
    '-nodes',
    '-newkey',
    'rsa:2048',
    '-keyout',
    path('deep.key'),
    '-out',
    path('deep.csr'),
    '-subj',
    '/CN=deep',
    '-config',
    path('ext.cnf'),
  ])
  tool('openssl', [
    'x509',
    '-req',
    '-in',
    path('deep.csr'),
    '-days',
    '99',
    '-extfile',
    path('ext.cnf'),
    '-extensions',
    'code',
    '-CA',
    below.certificate,
    '-CAkey',
    below.key,
    '-CAcreateserial',
    '-out',
    path('deep.pem'),
  ])
  const deep = { key: path('deep.key'), certificate: path('deep.pem') }
  const source = fileSource(bundle('deep', 'verity', deep, [`--intermediate=${below.certificate}`]))
  expect(await inspect(source, 'rauc', trusted())).toMatchObject({ signature: 'good', signer: 'acme-ca' })
  const without = fileSource(bundle('deep-without', 'verity', deep))
  expect(await inspect(without, 'rauc', trusted())).toMatchObject({ signature: 'unknown-signer' })
})
