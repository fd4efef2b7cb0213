import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identify } from '../../electron/host/artifact/identify.ts'
import { inspect } from '../../electron/host/artifact/inspect.ts'
import { memoriesIn } from '../../electron/host/artifact/records/inspect.ts'
import { flatten } from '../../electron/host/artifact/records/memory-image.ts'
import { makeMcuboot } from '../../electron/sim/artifacts/mcuboot-maker.ts'
import { Authority, type Leaf } from './artifacts/authority.ts'
import { fileSource, needsTools, signer, tool } from './artifacts/tools.ts'

let dir: string
const path = (name: string) => join(dir, name)
const body = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) & 0xff))

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-files-'))
  writeFileSync(path('a.bin'), body.subarray(0, 3000))
  writeFileSync(path('b.bin'), body.subarray(3000))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test.for([
  ['srec', '-Motorola', 'a.srec'],
  ['intel-hex', '-Intel', 'a.hex'],
] as const)('%s from srec_cat, with a gap', async ([kind, format, name], context) => {
  needsTools(context, 'srec_cat')
  const inputs = [path('a.bin'), '-binary', '-offset', '0x08000000', path('b.bin'), '-binary', '-offset', '0x08010000']
  tool('srec_cat', [...inputs, '-o', path(name), format])
  const source = fileSource(path(name))
  expect(await identify(source)).toBe(kind)
  expect((await inspect(source, kind, [])).facts).toEqual(
    expect.arrayContaining([
      { name: 'memory-area', value: '0x08000000 + 3000 B' },
      { name: 'memory-area', value: '0x08010000 + 2000 B' },
      { name: 'gaps', value: '1 (62536 B)' },
    ]),
  )
  const { families } = await memoriesIn(source, kind)
  tool('srec_cat', [
    path(name),
    ...(kind === 'intel-hex' ? ['-Intel'] : []),
    '-fill',
    '0xff',
    '0x08000000',
    '0x080107d0',
    '-offset',
    '-0x08000000',
    '-o',
    path('flat.bin'),
    '-binary',
  ])
  const flat = flatten(families[0]!.memory)
  expect(flat.address).toBe(0x08000000)
  expect(Buffer.from(flat.bytes).equals(tool('cat', [path('flat.bin')]))).toBe(true)
})

test('a DFU suffix from dfu-suffix, around an MCUboot image', async (context) => {
  needsTools(context, 'dfu-suffix')
  writeFileSync(path('image.dfu'), makeMcuboot({ version: '3.1.4', body }))
  tool('dfu-suffix', ['--vid', '0x0483', '--pid', '0xdf11', '--add', path('image.dfu')])
  const source = fileSource(path('image.dfu'))
  expect(await identify(source)).toBe('dfu')
  const facts = await inspect(source, 'dfu', [])
  expect(facts).toMatchObject({ kind: 'dfu', version: '3.1.4', signature: 'none' })
  expect(facts.facts).toEqual(
    expect.arrayContaining([
      { name: 'usb-id', value: '0483:df11' },
      { name: 'contains', value: 'mcuboot' },
    ]),
  )
})

test.for(['crc', 'newc'] as const)(
  'a .swu from cpio -H %s, signed by openssl for an authority',
  async (format, context) => {
    needsTools(context, 'cpio', 'openssl')
    const ca = new Authority(dir, `ca-${format}`)
    const sign = ({ key, certificate }: Leaf, ...args: string[]) =>
      tool(
        'openssl',
        [
          'cms',
          '-sign',
          '-in',
          'sw-description',
          '-out',
          'sw-description.sig',
          '-signer',
          certificate,
          '-inkey',
          key,
          '-outform',
          'DER',
          '-nosmimecap',
          '-binary',
          ...args,
        ],
        { cwd: dir },
      )
    const pack = () => {
      const names = ['sw-description', 'sw-description.sig', 'a.bin'].join('\n')
      writeFileSync(path('out.swu'), tool('cpio', ['-o', '-H', format, '--quiet'], { cwd: dir, input: names }))
      return fileSource(path('out.swu'))
    }
    const hash = tool('sha256sum', [path('a.bin')])
      .toString()
      .slice(0, 64)
    writeFileSync(
      path('sw-description'),
      `software = { version = "1.0.1"; hardware-compatibility: [ "1.2" ];
      images: ( { filename = "a.bin"; device = "/dev/x"; type = "raw"; sha256 = "${hash}"; } ); }`,
    )
    const named = [signer('acme', 'cms', ca.certificate)]
    sign(ca.leaf(`mail-${format}`, 'mail'))
    expect(await identify(pack())).toBe('swu')
    expect(await inspect(pack(), 'swu', named)).toMatchObject({
      version: '1.0.1',
      hardware: ['1.2'],
      signature: 'good',
      signer: 'acme',
    })
    for (const [key, args] of [
      ['rsa:3072', []],
      ['rsa:2048', ['-keyopt', 'rsa_padding_mode:pss']],
      ['ec', ['-md', 'sha384', '-keyid']],
      ['ec', ['-noattr']],
    ] as const) {
      sign(ca.leaf(`any-${format}`, key === 'ec' && args[0] === '-md' ? 'mail' : 'code', key), ...args)
      expect(await inspect(pack(), 'swu', named), `${key} ${args.join(' ')}`).toMatchObject({ signature: 'good' })
    }
    // Signed before the last change of what it signs.
    writeFileSync(path('sw-description'), `software = { version = "9.9.9"; }`)
    expect(await inspect(pack(), 'swu', named)).toMatchObject({ signature: 'bad', signer: null })
    sign(new Authority(dir, `other-${format}`).leaf(`stranger-${format}`, 'mail'))
    expect(await inspect(pack(), 'swu', named)).toMatchObject({ signature: 'unknown-signer' })
    const plain = ca.leaf(`plain-${format}`, 'mail', 'rsa:2048')
    writeFileSync(
      path('sw-description.sig'),
      tool('openssl', ['dgst', '-sha256', '-sign', plain.key, path('sw-description')]),
    )
    writeFileSync(path('plain.pub'), tool('openssl', ['pkey', '-in', plain.key, '-pubout']))
    expect(await inspect(pack(), 'swu', [signer('rsa', 'rsa-pkcs1', path('plain.pub'))])).toMatchObject({
      signature: 'good',
      signer: 'rsa',
    })
  },
)
