import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../build/launcher/build.ts'
import { bundles } from '../fixtures/built.ts'

const require = createRequire(import.meta.url)
const work = mkdtempSync(join(tmpdir(), 'slipway-pack-'))
const app = join(work, 'release', 'linux-unpacked')
afterAll(() => rmSync(work, { recursive: true, force: true }))

/**
 * Enough of an Electron to be packed: a program with the sentinel by which its fuses are found
 * (`@electron/fuses`), the version byte, the count, and nine fuses in their factory state.
 */
function fakeElectron(folder: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true })
  mkdirSync(join(folder, 'resources'))
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
  const fuses = '101000110'
  writeFileSync(
    join(folder, 'electron'),
    Buffer.concat([Buffer.from(`#!/bin/sh\n${sentinel}`), Buffer.of(1, fuses.length), Buffer.from(fuses)]),
  )
  chmodSync(join(folder, 'electron'), 0o755)
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox'])
    writeFileSync(join(folder, name), '45.3.4')
}

async function run(program: string, args: readonly string[], cwd = ROOT) {
  const child = spawn(process.execPath, [program, ...args], { cwd })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, output }
}

/** In a second working tree that borrows the packages of the first, the packer does not see them. */
const ownPackages = realpathSync(join(ROOT, 'node_modules')) === join(realpathSync(ROOT), 'node_modules')

describe.runIf(process.platform === 'linux' && ownPackages)('the packed program', () => {
  let files: string[]
  beforeAll(async () => {
    await bundles()
    fakeElectron(join(work, 'electron'))
    const { code, output } = await run(require.resolve('electron-builder/cli.js'), [
      '--dir',
      '--linux',
      '--config',
      'build/electron-builder.yml',
      '--publish',
      'never',
      `-c.electronDist=${join(work, 'electron')}`,
      `-c.directories.output=${join(work, 'release')}`,
    ])
    if (code !== 0) throw new Error(output)
    const asar = (await import('@electron/asar')) as { listPackage(path: string, options: object): string[] }
    files = asar.listPackage(join(app, 'resources', 'app.asar'), { isPack: false })
  })

  it('has the programs, the page and the native packages', () => {
    for (const file of [
      '/out/main/index.js',
      '/out/main/host.js',
      '/out/main/worker.js',
      '/out/preload/preload.cjs',
      '/out/renderer/index.html',
      '/package.json',
      '/build/icons/icon.png',
      '/node_modules/better-sqlite3/lib/index.js',
    ]) {
      expect(files).toContain(file)
    }
  })

  it('has native code for this platform alone, outside the archive', () => {
    const native = files.filter((file) => file.endsWith('.node'))
    expect(native.length).toBeGreaterThan(2)
    const foreign = process.arch === 'x64' ? /darwin|win32|android|arm/ : /darwin|win32|android|x64/
    expect(native.filter((file) => foreign.test(file))).toEqual([])
    for (const file of native) expect(existsSync(join(app, 'resources', 'app.asar.unpacked', file))).toBe(true)
  })

  it('has no second Node, no sources and no tools', () => {
    const unwanted =
      /^\/node_modules\/node-(?:linux|win)|^\/(?:electron|renderer|shared|test)\/|\.(?:ts|tsx|map|cpp|c|gyp)$/
    expect(files.filter((file) => unwanted.test(file))).toEqual([])
    expect(files.filter((file) => /^\/node_modules\/[^@/]+$/.test(file)).length).toBeLessThan(40)
  })

  it('has its fuses blown as described', async () => {
    const cli = join(ROOT, 'node_modules', '@electron', 'fuses', 'dist', 'bin.js')
    const { output } = await run(cli, ['read', '--app', join(app, 'slipway')])
    const state = Object.fromEntries(
      [...output.matchAll(/(\w+) is (Enabled|Disabled)/g)].map(([, name, on]) => [name, on]),
    )
    expect(state).toMatchObject({
      RunAsNode: 'Disabled',
      EnableCookieEncryption: 'Enabled',
      EnableNodeOptionsEnvironmentVariable: 'Disabled',
      EnableNodeCliInspectArguments: 'Disabled',
      EnableEmbeddedAsarIntegrityValidation: 'Enabled',
      OnlyLoadAppFromAsar: 'Enabled',
    })
  })

  it('runs as it is packed: the headless host starts from the unpacked archive', async () => {
    const asar = (await import('@electron/asar')) as { extractAll(archive: string, target: string): void }
    const target = join(work, 'extracted')
    asar.extractAll(join(app, 'resources', 'app.asar'), target)
    cpSync(join(app, 'resources', 'app.asar.unpacked'), target, { recursive: true })
    expect(readdirSync(join(target, 'node_modules')).length).toBeGreaterThan(0)
    const { code, output } = await run(join(target, 'out', 'main', 'headless.js'), [
      '--data-dir',
      join(work, 'data'),
      '--idle-exit',
      '0',
    ])
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Slipway is running') as string })
    expect(readFileSync(join(work, 'data', 'logs', 'host.log'), 'utf8')).toContain('host started')
  })
})
