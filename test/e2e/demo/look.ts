import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { cutOff, oddTexts, seriousFindings, sidewaysScroll } from '../screens/checks.ts'
import type { DemoConsole } from './demo-console.ts'

const SHOTS = fileURLToPath(new URL('../../../test-results/demo', import.meta.url))

/** Everything that must be true of every screen on the way, in the size of the window. */
export function looksAt(demo: DemoConsole, who: string): (name: string) => Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  const { page } = demo
  return async (name) => {
    await page.waitForFunction(() => !document.querySelector('.skeleton') && document.fonts.status === 'loaded')
    await page.screenshot({ path: `${SHOTS}/${who}-${name}.png` })
    expect.soft(await sidewaysScroll(page), `${name}: nothing scrolls sideways`).toEqual([])
    expect.soft(await cutOff(page), `${name}: no words are cut off`).toEqual([])
    expect.soft(await oddTexts(page), `${name}: every text is filled`).toEqual([])
    expect.soft(demo.complaints, `${name}: the page's console`).toEqual([])
  }
}

/** The same, and axe by day and by night. The palette changes behind the page's back: the tour itself leaves it alone. */
export function looksAtWithAxe(demo: DemoConsole, who: string): (name: string) => Promise<void> {
  const { page } = demo
  const look = looksAt(demo, who)
  return async (name) => {
    await look(name)
    expect.soft(await seriousFindings(page), `${name} by day: axe`).toEqual([])
    await paint(page, 'night')
    await page.screenshot({ path: `${SHOTS}/${who}-${name}-night.png` })
    expect.soft(await seriousFindings(page, 'palette'), `${name} by night: axe`).toEqual([])
    await paint(page, 'day')
  }
}

export async function paint(page: Page, palette: 'day' | 'night'): Promise<void> {
  await page.evaluate((name) => {
    document.documentElement.dataset.obcTheme = name
  }, palette)
}
