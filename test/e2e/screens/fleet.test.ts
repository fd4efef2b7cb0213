import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../../../build/launcher/browsers.ts'
import { endHost, type LaunchedHost, launchHost } from '../../../build/launcher/host.ts'
import { pageUrl } from '../../../shared/host-address.ts'
import { bundles } from '../../fixtures/built.ts'
import { fleetConsole } from '../../fixtures/fleet-console.ts'
import { seriousFindings } from './checks.ts'

const DEVICES = 20_000
const PLANS = 400

let dataDir: string
let host: LaunchedHost
let browser: Browser
let page: Page

beforeAll(async () => {
  await bundles()
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-fleet-'))
  await fleetConsole(dataDir, { artifacts: PLANS, plans: PLANS, devices: DEVICES })
  const launched = await launchHost(['--data-dir', dataDir], dataDir)
  if (!launched) throw new Error('the host did not start')
  host = launched
  browser = await chromium.launch({
    executablePath: findBrowser() ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  await page.goto(pageUrl(host.address))
  await page.evaluate(() => {
    window.location.hash = '#/site'
  })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  if (host) await endHost(host)
  rmSync(dataDir, { recursive: true, force: true })
})

const grid = () => page.getByRole('grid')
const row = (name: string) =>
  grid()
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name, exact: true }) })

test('a site of twenty thousand devices: few rows are made, and every one can be reached by keyboard', async () => {
  await row('Crane 0').waitFor()
  // The heading of the group is a row as well.
  expect(await grid().getAttribute('aria-rowcount')).toBe(String(DEVICES + 1))
  expect(await grid().getByRole('row').count()).toBeLessThan(60)

  const filter = page.getByRole('searchbox')
  await filter.press('ArrowDown')
  expect(await focusedRow()).toBe('1')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focusedRow).toBe('2')
  await page.keyboard.press('PageDown')
  await expect.poll(async () => Number(await focusedRow())).toBeGreaterThan(5)
  await page.keyboard.press('End')
  await expect.poll(focusedRow).toBe(String(DEVICES + 1))
  await row(`Crane ${DEVICES - 1}`).waitFor()
  expect(await grid().getByRole('row').count()).toBeLessThan(60)
  await page.keyboard.press('Home')
  await expect.poll(focusedRow).toBe('1')
  await row('Crane 0').waitFor()
})

test('a device is found by typing, and opened by Enter', async () => {
  await page.getByRole('searchbox').fill(`CR-${DEVICES - 1}`)
  await row(`Crane ${DEVICES - 1}`).waitFor()
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('2')
  await page
    .getByText(`1 of ${DEVICES.toLocaleString('en')}`)
    .or(page.getByText(`1 of ${DEVICES}`))
    .first()
    .waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.getByRole('searchbox').press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focusedRow).toBe('2')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain(`CR-${DEVICES - 1}`)
})

test('the list of plans is as long as it likes', async () => {
  await page.evaluate(() => {
    window.location.hash = '#/plans'
  })
  await grid().getByRole('row').first().waitFor()
  expect(await grid().getAttribute('aria-rowcount')).toBe(String(PLANS + 1))
  expect(await grid().getByRole('row').count()).toBeLessThan(60)
  await page.getByRole('searchbox').fill('plan-399')
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('1')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focusedRow).toBe('1')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('plan-399')
})

function focusedRow(): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.closest('[role="row"]')?.getAttribute('aria-rowindex') ?? null)
}
