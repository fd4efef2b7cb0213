import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identify } from '../../electron/host/artifact/identify.ts'
import { inspect } from '../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../electron/host/artifact/source.ts'
import { fileSource, needsTools, signer, tool } from './artifacts/tools.ts'

/** Artifacts made, signed and judged by Mender's own `mender-artifact`. */
let dir: string
const path = (name: string) => join(dir, name)

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-mender-'))
  writeFileSync(path('app.bin'), Buffer.alloc(300_000, 0x5a))
  writeFileSync(path('ArtifactInstall_Enter_10_a'), '#!/bin/sh\nexit 0\n')
  tool('openssl', ['ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', path('ec.key')])
  tool('openssl', ['genrsa', '-traditional', '-out', path('rsa.key'), '3072'])
  for (const name of ['ec', 'rsa']) {
    writeFileSync(path(`${name}.pub`), tool('openssl', ['pkey', '-in', path(`${name}.key`), '-pubout']))
  }
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const trusted = () => [signer('ec', 'ecdsa-p256', path('ec.pub')), signer('rsa', 'rsa-pkcs1', path('rsa.pub'))]

function write(out: string, args: readonly string[]): string {
  const common = ['-T', 'single-file', '-n', 'app-2', '-t', 'board-a', '-t', 'board-b', '-f', path('app.bin')]
  const facts = ['--software-name', 'myapp', '--software-version', '7', '--depends', 'rootfs-image.version:base-1']
  const script = ['-s', path('ArtifactInstall_Enter_10_a'), '-N', 'app-1', '-g', 'winches', '-G', 'all']
  tool('mender-artifact', ['write', 'module-image', ...common, ...facts, ...script, '-o', path(out), ...args])
  return path(out)
}

test.for([
  ['ec', 'gzip', 'ECDSA P-256'],
  ['rsa', 'gzip', 'RSA PKCS#1 v1.5'],
  ['ec', 'none', 'ECDSA P-256'],
] as const)('signed with %s, packed with %s', async ([key, compression, signatureKind], context) => {
  needsTools(context, 'mender-artifact', 'openssl')
  const global = ['--compression', compression]
  const common = ['-T', 'single-file', '-n', 'app-2', '-t', 'board-a', '-f', path('app.bin'), '-k', path(`${key}.key`)]
  tool('mender-artifact', [...global, 'write', 'module-image', ...common, '-o', path('signed.mender')])
  const source = fileSource(path('signed.mender'))
  expect(await identify(source)).toBe('mender')
  const facts = await inspect(source, 'mender', trusted())
  expect(facts).toMatchObject({ version: 'app-2', hardware: ['board-a'], signature: 'good', signer: key })
  expect(facts.facts).toContainEqual({ name: 'signature-kind', value: signatureKind })
  expect(facts.facts).toContainEqual({ name: 'file', value: 'app.bin (300000 B)' })
})

test('xz is not looked into, and that is said; the signature is judged all the same', async (context) => {
  needsTools(context, 'mender-artifact', 'openssl')
  const common = ['-T', 'single-file', '-n', 'app-2', '-t', 'board-a', '-f', path('app.bin'), '-k', path('ec.key')]
  tool('mender-artifact', ['--compression', 'lzma', 'write', 'module-image', ...common, '-o', path('xz.mender')])
  const { facts, ...rest } = await inspect(fileSource(path('xz.mender')), 'mender', trusted())
  expect(rest).toMatchObject({ version: null, hardware: [], signature: 'good', signer: 'ec' })
  expect(facts.filter(({ name }) => name === 'unread').map(({ value }) => value)).toEqual([
    'header.tar.xz',
    'data/0000.tar.xz',
  ])
})

test('what it provides, needs, clears and runs', async (context) => {
  needsTools(context, 'mender-artifact', 'openssl')
  const { facts, ...rest } = await inspect(fileSource(write('full.mender', [])), 'mender', trusted())
  expect(rest).toMatchObject({ version: 'app-2', hardware: ['board-a', 'board-b'], signature: 'none' })
  expect(facts).toEqual(
    expect.arrayContaining([
      { name: 'payload-type', value: 'single-file' },
      { name: 'provides', value: 'artifact_group = winches' },
      { name: 'provides', value: 'rootfs-image.myapp.version = 7' },
      { name: 'needs', value: 'artifact_name = app-1' },
      { name: 'needs', value: 'rootfs-image.version = base-1' },
      { name: 'needs-group', value: 'all' },
      { name: 'script', value: 'ArtifactInstall_Enter_10_a' },
    ]),
  )
})

test('our verdict on damage and on other keys is the tool’s own', async (context) => {
  needsTools(context, 'mender-artifact', 'openssl')
  const good = readFileSync(write('good.mender', ['-k', path('ec.key')]))
  tool('openssl', ['ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', path('other.key')])
  writeFileSync(path('other.pub'), tool('openssl', ['pkey', '-in', path('other.key'), '-pubout']))
  expect(await inspect(memorySource(good), 'mender', [signer('x', 'ecdsa-p256', path('other.pub'))])).toMatchObject({
    signature: 'bad',
  })
  expect(await inspect(memorySource(good), 'mender', [signer('x', 'rsa-pkcs1', path('rsa.pub'))])).toMatchObject({
    signature: 'unknown-signer',
  })
  for (const at of [600, 1100, 2100, 3200, good.length - 2000]) {
    const bytes = Buffer.from(good)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(path('bad.mender'), bytes)
    const accepted = tool('sh', [
      '-c',
      `mender-artifact validate -k ${path('ec.pub')} ${path('bad.mender')} >&2 && echo yes || true`,
    ])
    const ours = await inspect(memorySource(bytes), 'mender', trusted()).then(
      ({ signature }) => signature === 'good',
      () => false,
    )
    expect(ours && accepted.toString() === '', `byte ${at}`).toBe(false)
  }
})
