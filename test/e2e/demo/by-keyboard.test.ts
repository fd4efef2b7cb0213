import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoConsole, openDemo } from './demo-console.ts'
import { keyboard } from './keyboard.ts'
import { looksAt } from './look.ts'
import { TOUR_TIMEOUT_MS, wholeTour } from './tour.ts'

let demo: DemoConsole
beforeAll(async () => {
  demo = await openDemo({ width: 1024, height: 768 })
})
afterAll(() => demo?.close())

test('the whole demo by keyboard alone, in a small window', { timeout: TOUR_TIMEOUT_MS }, async () => {
  const { page } = demo
  await page.evaluate(() => {
    for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
      addEventListener(kind, () => document.documentElement.setAttribute('data-touched', kind), true)
    }
  })
  await wholeTour({ demo, hands: keyboard(page), look: looksAt(demo, 'keyboard') })
  expect(await page.locator('html').getAttribute('data-touched')).toBeNull()
})
