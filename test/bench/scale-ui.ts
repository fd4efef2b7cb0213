/**
 * The delivered console at a site of 20,000 devices with 5,000 plans, some of them with long names, seen by Chromium:
 * how long the host takes from spawn to its first board, until the list stands on the screen, from a key in the filter
 * to the one device that is left, and what the page cannot do while somebody scrolls through all of it (tasks of more
 * than 50 ms); how many elements the page has, and how much memory the host. Last line: the time from a key to the
 * answer with 20,000 devices, divided by the same with 200 of them.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../build/launcher/browsers.ts'
import { buildIfStale } from '../../build/launcher/build.ts'
import { endHost, launchHost } from '../../build/launcher/host.ts'
import { pageUrl } from '../../shared/host-address.ts'
import type { FleetSize } from '../fixtures/fleet.ts'
import { fleetConsole } from '../fixtures/fleet-console.ts'
import { median } from '../fixtures/in-turns.ts'

const ROUNDS = 7
const ms = (value: number) => `${value.toFixed(0)} ms`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const rows = (page: Page) => page.getByRole('grid').getByRole('row')

/** From the key to the row that is left; then back to all of them. */
async function keyToAnswer(page: Page, serial: string): Promise<number> {
  const filter = page.getByRole('searchbox')
  await filter.fill(serial.slice(0, -1))
  await filter.press('End')
  const took = await page.evaluate(async (last) => {
    const input = document.querySelector<HTMLInputElement>('input[type=search]')
    const grid = () => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')
    if (!input) throw new Error('there is no filter')
    const began = performance.now()
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, input.value + last)
    input.dispatchEvent(new Event('input', { bubbles: true }))
    while (grid() !== '2') await new Promise(requestAnimationFrame)
    return performance.now() - began
  }, serial.slice(-1))
  await filter.fill('')
  await rows(page).nth(3).waitFor()
  return took
}

/** From the top to the end by wheel, a screen at a time for a while, then by great leaps. Longest tasks, ms. */
async function scrolled(page: Page): Promise<readonly number[]> {
  return page.evaluate(async () => {
    const tasks: number[] = []
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    observer.observe({ entryTypes: ['longtask'] })
    const scroller = document.querySelector('[data-scroller]')
    for (let step = 0; step < 120; step += 1) {
      scroller?.scrollBy(0, step < 80 ? 600 : 30_000)
      await new Promise(requestAnimationFrame)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
    observer.disconnect()
    return tasks
  })
}

async function measure(size: FleetSize): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
  const name = (n: number) =>
    n % 7 === 3 ? `Forward starboard knuckle-boom provisions crane, deck 5, no. ${n}` : `Crane ${n}`
  await fleetConsole(dataDir, size, name)
  const began = performance.now()
  const host = await launchHost(['--data-dir', dataDir], dataDir)
  if (!host) throw new Error('the host did not start')
  const started = performance.now() - began
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const painted = await timed(async () => {
      await page.goto(pageUrl(host.address))
      await page.evaluate(() => {
        window.location.hash = '#/site'
      })
      await rows(page).nth(3).waitFor()
    })
    const keys: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      // Another one each time: what was asked before is remembered.
      keys.push(await keyToAnswer(page, `CR-${size.devices - 1 - round}`))
    }
    const tasks = await scrolled(page)
    const elements = await page.evaluate(() => document.querySelectorAll('*').length)
    const resident = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${host.child?.pid}/status`, 'utf8'))?.[1] ?? '0'
    console.log(`${size.devices} devices, ${size.plans} plans:`)
    console.log(`  host started in ${ms(started)}, list on the screen after ${ms(painted)}`)
    console.log(`  from a key to the answer: ${ms(median(keys))}, at most ${ms(Math.max(...keys))}`)
    console.log(`  scrolling: ${tasks.length} tasks of more than 50 ms, at most ${ms(Math.max(0, ...tasks))}`)
    console.log(
      `  elements in the page: ${elements}; resident memory of the host: ${(Number(resident) / 1000).toFixed(0)} MB`,
    )
    return median(keys)
  } finally {
    await browser.close()
    await endHost(host)
    rmSync(dataDir, { recursive: true, force: true })
  }
}

if (!(await buildIfStale())) process.exit(1)
const small = await measure({ artifacts: 100, plans: 50, devices: 200 })
const large = await measure({ artifacts: 5000, plans: 5000, devices: 20_000 })
console.log(`scale-ui ratio=${(large / small).toFixed(2)}`)
