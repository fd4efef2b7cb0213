import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ROOT } from '../../../build/launcher/build.ts'
import { findElectron } from '../../../build/launcher/electron-runtime.ts'
import { hasDisplay } from '../../../build/launcher/plan.ts'
import { HostAddress } from '../../../shared/host-address.ts'
import { bundles } from '../../fixtures/built.ts'

const runtime = findElectron()
const runnable = runtime !== null && hasDisplay(process.platform, process.env)

/**
 * The real thing, wherever an Electron runtime and a display are. Everything that main does is also
 * tested without one (`test/unit/main`); here it is only asked whether Electron agrees.
 */
describe.runIf(runnable)('the console in Electron', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'slipway-electron-'))
  let electron: ElectronApplication
  let page: Page
  beforeAll(async () => {
    await bundles()
    electron = await _electron.launch({
      executablePath: runtime ?? '',
      args: [ROOT, `--data-dir=${dataDir}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    })
    page = await electron.firstWindow()
  })
  afterAll(async () => {
    await electron.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const host = () => HostAddress.parse(JSON.parse(readFileSync(join(dataDir, 'run', 'host.json'), 'utf8')))

  it('shows the page from its own scheme, connected to its host', async () => {
    expect(page.url()).toMatch(/^app:\/\/slipway\/index\.html/)
    await page.waitForFunction(() => document.querySelector('#root')?.childElementCount)
    await vi.waitUntil(() => host().pid, { timeout: 45_000 })
  })

  it('gives the page nothing of Node and no network', async () => {
    const outside = await page.evaluate(async () => ({
      require: 'require' in globalThis,
      process: 'process' in globalThis,
      fetch: await fetch('https://slipway.example/').then(
        () => 'done',
        () => 'blocked',
      ),
      opened: window.open('https://slipway.example/') === null,
    }))
    expect(outside).toEqual({ require: false, process: false, fetch: 'blocked', opened: true })
  })

  it('starts its host again when that dies, and the page comes back', async () => {
    const { pid } = host()
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(host().pid).not.toBe(pid), { timeout: 45_000, interval: 200 })
    await page.waitForFunction(() => document.querySelector('#root')?.childElementCount)
  })
})

it.runIf(!runnable)('Electron is not here: its smoke test does not run', () => {
  console.warn(runtime ? 'There is no display for Electron.' : 'There is no Electron runtime on this machine.')
  expect(runnable).toBe(false)
})
