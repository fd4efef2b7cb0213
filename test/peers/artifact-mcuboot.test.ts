import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identify } from '../../electron/host/artifact/identify.ts'
import { inspect } from '../../electron/host/artifact/inspect.ts'
import { memorySource } from '../../electron/host/artifact/source.ts'
import type { SignerKey } from '../../shared/model/profile.ts'
import { fileSource, imgtool, signer, tool } from './artifacts/tools.ts'

/** Images made and signed by MCUboot's own `imgtool`. */
let dir: string
const path = (name: string) => join(dir, name)
const body = Buffer.alloc(20_000, 0x5a)

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-imgtool-'))
  writeFileSync(path('app.bin'), body)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const base = ['--header-size', '0x200', '--pad-header', '--slot-size', '0x10000', '--align', '8']

function sign(program: string, out: string, args: readonly string[]): void {
  tool(program, ['sign', ...base, ...args, path('app.bin'), path(out)])
}

function keyOf(program: string, type: string, algorithm: SignerKey['algorithm']): SignerKey {
  tool(program, ['keygen', '-t', type, '-k', path(`${type}.pem`)])
  writeFileSync(path(`${type}.pub`), tool(program, ['getpub', '-e', 'pem', '-k', path(`${type}.pem`)]))
  return signer(`key-${type}`, algorithm, path(`${type}.pub`))
}

test.for([
  ['ed25519', 'ed25519', []],
  ['ed25519', 'ed25519', ['--pure']],
  ['ed25519', 'ed25519', ['--sha', '512']],
  ['ecdsa-p256', 'ecdsa-p256', []],
  ['ecdsa-p256', 'ecdsa-p256', ['--pad-sig']],
  ['rsa-2048', 'rsa-pss-2048', []],
  ['rsa-3072', 'rsa-pss-3072', []],
] as const)('signed with %s %s %j', async ([type, algorithm, options], context) => {
  const program = imgtool(context)
  const trusted = keyOf(program, type, algorithm)
  sign(program, 'signed.bin', [
    '--version',
    '2.5.0+7',
    '--key',
    path(`${type}.pem`),
    '--security-counter',
    '9',
    '--dependencies',
    '(1, 1.2.3+0)',
    ...options,
  ])
  const source = fileSource(path('signed.bin'))
  expect(await identify(source)).toBe('mcuboot')
  const facts = await inspect(source, 'mcuboot', [trusted])
  expect(facts).toMatchObject({ version: '2.5.0+7', signature: 'good', signer: trusted.id })
  expect(facts.trailer).toBeUndefined()
  expect(facts.facts).toEqual(
    expect.arrayContaining([
      { name: 'security-counter', value: '9' },
      { name: 'needs', value: 'image 1 >= 1.2.3' },
    ]),
  )
  const bytes = readFileSync(path('signed.bin'))
  bytes[5000] = (bytes[5000] ?? 0) ^ 1
  await expect(inspect(memorySource(bytes), 'mcuboot', [trusted])).rejects.toMatchObject({ code: 'artifact.corrupt' })
  const stranger = keyOf(program, type, algorithm)
  expect(await inspect(source, 'mcuboot', [stranger])).toMatchObject({ signature: 'unknown-signer' })
})

test.for([
  ['--pad', 8, 'trial'],
  ['--confirm', 8, 'permanent'],
  ['--pad', 32, 'trial'],
  ['--confirm', 32, 'permanent'],
] as const)('%s with writes of %i bytes is told as %s', async ([option, align, trailer], context) => {
  const program = imgtool(context)
  sign(program, 'padded.bin', [
    '--version',
    '2.5.0',
    option,
    '--align',
    String(align),
    ...(align > 8 ? ['--max-align', String(align)] : []),
  ])
  expect(await inspect(fileSource(path('padded.bin')), 'mcuboot', [])).toMatchObject({ version: '2.5.0', trailer })
})

test('an encrypted image says so, and that nobody could check it here', async (context) => {
  const program = imgtool(context)
  const trusted = keyOf(program, 'ed25519', 'ed25519')
  tool(program, ['keygen', '-t', 'ecdsa-p256', '-k', path('enc.pem')])
  writeFileSync(path('enc.pub'), tool(program, ['getpub', '-e', 'pem', '-k', path('enc.pem')]))
  sign(program, 'secret.bin', ['--version', '1.0.0', '--key', path('ed25519.pem'), '--encrypt', path('enc.pub')])
  const facts = await inspect(fileSource(path('secret.bin')), 'mcuboot', [trusted])
  expect(facts).toMatchObject({ signature: 'not-checked', version: '1.0.0' })
  expect(facts.facts).toContainEqual({ name: 'encrypted', value: 'AES-128' })
})
