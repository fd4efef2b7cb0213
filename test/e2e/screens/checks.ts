import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Screen } from './harness.ts'

/** Everything that must be true of every screen in every state, size, palette and language. */
export async function checkScreen(screen: Screen, name: string): Promise<void> {
  await screen.shoot(name)
  expect.soft(screen.complaints, `${name}: the page's console`).toEqual([])
  expect.soft(screen.host.mishaps, `${name}: the scene`).toEqual([])
  expect.soft(await sidewaysScroll(screen.page), `${name}: nothing scrolls sideways`).toEqual([])
  expect.soft(await cutOff(screen.page), `${name}: no words are cut off`).toEqual([])
  expect.soft(await oddTexts(screen.page), `${name}: every text is filled`).toEqual([])
  expect.soft(await screen.page.locator('main h1').count(), `${name}: one heading`).toBe(1)
  expect.soft(await seriousFindings(screen.page), `${name}: axe`).toEqual([])
}

/** What axe finds serious: by all of its rules, or by those that a palette alone can break. */
export async function seriousFindings(page: Page, rules: 'all' | 'palette' = 'all'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode()
  if (rules === 'palette') axe.withRules(['color-contrast', 'link-in-text-block'])
  const { violations } = await axe.analyze()
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    )
}

export function sidewaysScroll(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll<HTMLElement>('body *')]
      .filter((element) => {
        const style = getComputedStyle(element)
        const scrolls = /auto|scroll/.test(style.overflowX) || element === document.documentElement
        const isContent = element.matches('main, .top-bar, .guide-body, .dialog-body')
        return (scrolls || isContent) && element.scrollWidth > element.clientWidth + 1
      })
      .map((element) => `${element.tagName}.${element.className} ${element.scrollWidth} > ${element.clientWidth}`),
  )
}

/** Words wider than their box without an ellipsis that says so, and buttons that lost their label. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *, .top-bar *, .navigation *, .guide *')]
      .filter((element) => {
        const style = getComputedStyle(element)
        if (element.closest('.visually-hidden, .navigation-count') || style.clipPath !== 'none') return false
        const hides = style.overflowX === 'hidden' || style.overflowX === 'clip'
        return (
          hides &&
          style.textOverflow !== 'ellipsis' &&
          element.clientWidth > 0 &&
          element.scrollWidth > element.clientWidth + 1
        )
      })
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 60)}`),
  )
}

export async function oddTexts(page: Page): Promise<string[]> {
  const text = await page.locator('body').innerText()
  // What stands there for a machine is not ours to fill.
  const code = new Set((await page.locator('code').allInnerTexts()).flatMap((one) => one.split('\n')))
  return text
    .split('\n')
    .filter((line) => !code.has(line))
    .filter((line) => /undefined|null|NaN|\[object|\{[\w:|]+\}|[a-z]+\.[a-z-]+\.[a-z]+!|Invalid Date/.test(line))
}
