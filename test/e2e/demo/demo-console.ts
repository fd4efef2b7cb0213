import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../../build/launcher/browsers.ts'
import { endHost, launchHost } from '../../../build/launcher/host.ts'
import type { SlipwayContract } from '../../../shared/contract/index.ts'
import { demoDataDir } from '../../../shared/data-dir.ts'
import { pageUrl } from '../../../shared/host-address.ts'
import type { Client } from '../../../shared/rpc/define.ts'
import { bundles } from '../../fixtures/built.ts'
import { connectTo } from '../../fixtures/fake-host/process.ts'

/** The delivered console in demo mode, as `npm start -- --demo` starts it, and a browser's window on it. */
export interface DemoConsole {
  readonly page: Page
  /** Asks the host past the page. */
  readonly client: Client<SlipwayContract>
  /** Where the demo's host, its publisher and its devices keep everything. */
  readonly dataDir: string
  /** What the page complained about. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export interface DemoWindow {
  readonly width: number
  readonly height: number
}

/** Throws when a part does not start; it has said why. */
export async function openDemo({ width, height }: DemoWindow): Promise<DemoConsole> {
  await bundles()
  const base = mkdtempSync(join(tmpdir(), 'slipway-demo-'))
  const dataDir = demoDataDir(base)
  const host = await launchHost(['--data-dir', base, '--demo'], dataDir)
  if (!host) throw new Error('the demo did not start')
  const { address } = host
  let browser: Browser | null = null
  const close = async () => {
    await browser?.close()
    await endHost(host)
    for (const folder of [base, dataDir]) rmSync(folder, { recursive: true, force: true })
  }
  try {
    browser = await chromium.launch({
      executablePath: findBrowser() ?? '',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    })
    const page = await browser.newPage({
      viewport: { width, height },
      timezoneId: 'Europe/Oslo',
      reducedMotion: 'reduce',
    })
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)))
    const { client } = await connectTo(address)
    await page.goto(pageUrl(address))
    return { page, client, dataDir, complaints, close }
  } catch (error) {
    await close()
    throw error
  }
}
