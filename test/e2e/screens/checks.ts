import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'vitest'
import type { Screen } from './harness.ts'

/** Everything that must be true of every screen in every state, size, palette and language. */
export async function checkScreen(screen: Screen, name: string): Promise<void> {
  await screen.shoot(name)
  expect.soft(screen.complaints, `${name}: the page's console`).toEqual([])
  expect.soft(screen.host.mishaps, `${name}: the scene`).toEqual([])
  expect.soft(await sidewaysScroll(screen), `${name}: nothing scrolls sideways`).toEqual([])
  expect.soft(await cutOff(screen), `${name}: no words are cut off`).toEqual([])
  expect.soft(await oddTexts(screen), `${name}: every text is filled`).toEqual([])
  expect.soft(await screen.page.locator('main h1').count(), `${name}: one heading`).toBe(1)
  expect.soft(await seriousFindings(screen), `${name}: axe`).toEqual([])
}

async function seriousFindings({ page }: Screen): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    )
}

function sidewaysScroll({ page }: Screen): Promise<string[]> {
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
function cutOff({ page }: Screen): Promise<string[]> {
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

async function oddTexts({ page }: Screen): Promise<string[]> {
  const text = await page.locator('body').innerText()
  return text
    .split('\n')
    .filter((line) => /undefined|null|NaN|\[object|\{[\w:|]+\}|[a-z]+\.[a-z-]+\.[a-z]+!|Invalid Date/.test(line))
}
