import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { findBrowser } from '../../../build/launcher/browsers.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { type ScriptedHost, startScriptedHost } from '../../fixtures/scripted-host/server.ts'
import type { World } from '../../fixtures/scripted-host/world.ts'
import { builtPage } from './built-page.ts'

const SHOTS = fileURLToPath(new URL('../../../test-results/screens', import.meta.url))

export interface ScreenOptions {
  /** Address without the `#/`: `runs/7f3b`. */
  readonly route?: string
  readonly settings?: Partial<Settings>
  readonly width?: number
  readonly height?: number
  /** What the host is told before the page first asks it. */
  readonly prepare?: (host: ScriptedHost) => void
}

export interface Screen {
  readonly page: Page
  readonly host: ScriptedHost
  /** What the page complained about in its console, and what the host could not answer. */
  readonly complaints: string[]
  readonly go: (route: string) => Promise<void>
  /** Another world on the same page, keeping the settings. */
  readonly become: (world: World) => void
  readonly shoot: (name: string) => Promise<void>
}

export interface Stage {
  readonly open: (world: World, options?: ScreenOptions) => Promise<Screen>
}

/** One browser for a file of tests; each screen has its own host and its own profile, closed after its test. */
export function stage(): Stage {
  let browser: Browser
  let built: string
  const closers: (() => Promise<void>)[] = []
  beforeAll(async () => {
    built = await builtPage()
    const executablePath = findBrowser()
    if (executablePath === null) throw new Error('no Chromium, Chrome or Edge found')
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
    mkdirSync(SHOTS, { recursive: true })
  })
  afterAll(async () => {
    await browser?.close()
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })
  return {
    open: async (world, options = {}) => {
      const settings = { ...world.settings, ...options.settings }
      const host = await startScriptedHost({ ...world, settings }, built)
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
        timezoneId: 'Europe/Oslo',
        reducedMotion: 'reduce',
      })
      const { origin, hash } = new URL(host.url)
      await context.addInitScript((token) => sessionStorage.setItem('slipway.token', token), hash.slice(1))
      options.prepare?.(host)
      const page = await context.newPage()
      closers.push(async () => {
        await context.close()
        await host.close()
      })
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)))
      const go = async (route: string) => {
        await page.evaluate((hash) => {
          window.location.hash = hash
        }, `#/${route}`)
        await settled(page)
      }
      await page.goto(`${origin}/#/${options.route ?? ''}`)
      await page.locator('.top-chips .chip').first().waitFor()
      if (!options.prepare) await settled(page)
      return {
        page,
        host,
        complaints,
        go,
        become: (next) => {
          host.world.update((now) => ({ ...next, settings: now.settings }))
        },
        shoot: async (name) => {
          await page.screenshot({ path: `${SHOTS}/${name}.png` })
        },
      }
    },
  }
}

/** The screen's own heading is there and nothing is on its way any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor()
  await page.waitForFunction(() => !document.querySelector('.skeleton') && document.fonts.status === 'loaded')
}
