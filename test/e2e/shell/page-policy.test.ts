import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doorPage } from '../../../build/launcher/app-window.ts'
import { findBrowser } from '../../../build/launcher/browsers.ts'
import { ROOT } from '../../../build/launcher/build.ts'
import { pageUrl } from '../../../shared/host-address.ts'
import { bundles } from '../../fixtures/built.ts'
import { HostProcesses } from '../../fixtures/fake-host/process.ts'

const processes = new HostProcesses()
const folder = mkdtempSync(join(tmpdir(), 'slipway-page-'))
let browser: Browser
beforeAll(async () => {
  await bundles()
  browser = await chromium.launch({ executablePath: findBrowser() ?? '', args: ['--disable-dev-shm-usage'] })
})
afterAll(async () => {
  await browser.close()
  await processes.cleanUp()
  rmSync(folder, { recursive: true, force: true })
})

/** What the browser complained of, violations of the page's policy among it. */
function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(message.text())
  })
  page.on('pageerror', (error) => heard.push(error.message))
  return heard
}

describe('the built page beside a headless host', () => {
  it('lives under its policy, reached through the private file, and keeps the token to itself', async () => {
    const { address } = await processes.start(processes.folder(), ['--page', join(ROOT, 'out', 'renderer')])
    const door = join(folder, 'open.html')
    writeFileSync(door, doorPage(pageUrl(address)))
    const page = await browser.newPage()
    const heard = complaints(page)
    await page.goto(`file://${door}`)
    await page.waitForURL(`${address.origin}/**`)
    await page.waitForFunction(() => document.querySelector('#root')?.childElementCount)
    // The address bar, the history and what is copied from them hold no token.
    await page.waitForFunction((token) => !location.href.includes(token), address.token)
    expect(page.url()).not.toContain(address.token)
    await page.waitForTimeout(1500)
    expect(heard).toEqual([])

    await page.reload()
    await page.waitForFunction(() => document.querySelector('#root')?.childElementCount)
    expect(heard).toEqual([])
    await page.close()
  })

  it('can reach nothing but its host, whatever gets into it', async () => {
    const { address } = await processes.start(processes.folder(), ['--page', join(ROOT, 'out', 'renderer')])
    const page = await browser.newPage()
    await page.goto(pageUrl(address))
    const outcome = await page.evaluate(async (origin) => {
      const attempt = async (work: () => Promise<unknown>) =>
        work().then(
          () => 'done',
          () => 'blocked',
        )
      const script = (set: (element: HTMLScriptElement) => void) =>
        new Promise<string>((resolve) => {
          const element = document.createElement('script')
          Object.assign(globalThis, { planted: false })
          set(element)
          element.addEventListener('error', () => resolve('blocked'))
          document.head.append(element)
          setTimeout(() => resolve((globalThis as { planted?: boolean }).planted ? 'done' : 'blocked'), 200)
        })
      return {
        fetch: await attempt(() => fetch(`${origin}/index.html`)),
        inline: await script((element) => {
          element.textContent = 'globalThis.planted = true'
        }),
        data: await script((element) => {
          element.src = 'data:text/javascript,globalThis.planted=true'
        }),
        eval: await attempt(async () => (Reflect.get(globalThis, 'eval') as (code: string) => unknown)('1')),
        frame: await new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
            if (effectiveDirective === 'frame-src') resolve(effectiveDirective)
          })
          const frame = document.createElement('iframe')
          frame.src = 'https://evil.example/'
          document.body.append(frame)
        }),
      }
    }, address.origin)
    expect(outcome).toEqual({
      fetch: 'blocked',
      inline: 'blocked',
      data: 'blocked',
      eval: 'blocked',
      frame: 'frame-src',
    })
    await page.close()
  })

  it('cannot be put into a frame of another page', async () => {
    const { address } = await processes.start(processes.folder(), ['--page', join(ROOT, 'out', 'renderer')])
    const page = await browser.newPage()
    const refused = page.waitForEvent('console', (message) => /frame|refused|violates/i.test(message.text()))
    const outer = join(folder, 'outer.html')
    writeFileSync(outer, `<iframe src="${pageUrl(address)}"></iframe>`)
    await page.goto(`file://${outer}`)
    await refused
    expect(page.frames().filter((frame) => frame.url().startsWith(address.origin))).toHaveLength(0)
    await page.close()
  })
})
