import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../../..', import.meta.url))
// Internal paths of an exactly pinned version: there is no public way to ask for the schema check.
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
  getConfig: (dir: string, file: string | null, request: unknown) => Promise<Record<string, unknown>>
  validateConfiguration: (config: unknown, log: unknown) => Promise<void>
}
const { DebugLogger } = require('builder-util') as { DebugLogger: new (on: boolean) => unknown }

const read = () => getConfig(root, 'build/electron-builder.yml', null)
const check = (config: unknown) => validateConfiguration(config, new DebugLogger(false))

describe('the description of the installers', () => {
  it("fits electron-builder's schema", async () => {
    await expect(check(await read())).resolves.toBeUndefined()
  })

  it('would not fit with a slip of the pen', async () => {
    const config = await read()
    await expect(check({ ...config, asarUnpak: [] })).rejects.toThrow(/asarUnpak/)
    await expect(check({ ...config, electronFuses: { runAsNode: 'no' } })).rejects.toThrow(/runAsNode/)
  })

  it('is for the Electron that the tests type-check against', async () => {
    expect((await read()).electronVersion).toBe(packageJson.devDependencies.electron)
  })

  it('burns in that the program can be nothing else', async () => {
    expect((await read()).electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    })
  })

  it('names files that exist', async () => {
    const { linux, win, mac, deb } = (await read()) as Record<string, Record<string, unknown>>
    const files = [linux?.icon, win?.icon, mac?.icon, mac?.entitlements, String(deb?.fpm).split('=')[0]]
    for (const file of files) expect(readFileSync(`${root}/${String(file)}`).length).toBeGreaterThan(100)
  })
})

it('the udev rules come before the one that grants the access', () => {
  const rules = readFileSync(`${root}/build/linux/70-slipway.rules`, 'utf8')
  expect(rules.match(/TAG\+="uaccess"/g)).toHaveLength(2)
  // systemd's 73-seat-late.rules looks at the tag; a later file would come too late.
  expect(['73-seat-late.rules', '70-slipway.rules'].sort()[0]).toBe('70-slipway.rules')
})
