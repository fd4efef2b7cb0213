import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Area, Hands } from './hands.ts'

/** More stops than any screen has. */
const STOPS = 200
/** One press moves the slide by 4 %: this many reach the end, and none of them may be missing. */
const SLIDE_PRESSES = 25
const KEYS: Readonly<Record<Area, string>> = {
  Site: 's',
  Plans: 'p',
  Runs: 'r',
  Sync: 'y',
  Audit: 'u',
  Settings: 'e',
}

/** Two hands on a keyboard: only `page.keyboard`, from the moment the page has loaded. */
export function keyboard(page: Page): Hands {
  const { keyboard: keys } = page

  /** Tab by Tab to the target, as a person does who sees where the focus is. */
  async function reach(target: Locator): Promise<void> {
    await target.waitFor()
    for (let stop = 0; stop <= STOPS; stop++) {
      const where = await target.evaluate(focusOn)
      if (where.on) {
        expect(where.visible, `the focus on ${target.toString()} can be seen`).toBe(true)
        return
      }
      await keys.press('Tab')
    }
    throw new Error(`Tab does not reach ${target.toString()}`)
  }

  return {
    async press(target) {
      await reach(target)
      await keys.press((await target.getAttribute('role')) === 'switch' ? 'Space' : 'Enter')
    },
    async type(field, text) {
      await reach(field)
      await keys.type(text)
    },
    async choose(list, option) {
      await reach(list)
      // A closed list moves by one with each arrow key.
      for (let gap = await list.evaluate(gapTo, option); gap !== 0; gap = await list.evaluate(gapTo, option)) {
        await keys.press(gap < 0 ? 'ArrowUp' : 'ArrowDown')
        await expect.poll(() => list.evaluate(gapTo, option)).not.toBe(gap)
      }
    },
    async slide(slider) {
      await reach(slider)
      for (let press = 0; press < SLIDE_PRESSES; press++) await keys.press('ArrowRight')
    },
    async goTo(area) {
      // Letters that are typed into a field go nowhere else.
      while (await page.evaluate(() => document.activeElement?.matches('input, textarea, select') ?? false)) {
        await keys.press('Tab')
      }
      await keys.press('g')
      await keys.press(KEYS[area])
    },
  }
}

/** Runs in the page: whether the focus is on the target or inside it, and on the screen. */
function focusOn(target: Element): { on: boolean; visible: boolean } {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  for (let node: Node | null = active; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
    if (node !== target || !active) continue
    const { top, bottom } = active.getBoundingClientRect()
    const inWindow = bottom > 0 && top < innerHeight
    return { on: true, visible: inWindow && active.checkVisibility({ visibilityProperty: true }) }
  }
  return { on: false, visible: false }
}

/** Runs in the page: how many options further down the wanted one is. */
function gapTo(list: Element, option: string): number {
  const { options, selectedIndex } = list as HTMLSelectElement
  const wanted = [...options].findIndex(({ label }) => label === option)
  if (wanted < 0) throw new Error(`there is no option ${option}`)
  return wanted - selectedIndex
}
