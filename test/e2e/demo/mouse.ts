import type { Locator, Page } from 'playwright-core'
import type { Hands } from './hands.ts'

/** A hand on a mouse; the other one types words into fields, and nothing else. */
export function mouse(page: Page): Hands {
  const press = (target: Locator) => target.click()
  return {
    press,
    async type(field, text) {
      await field.click()
      await page.keyboard.type(text)
    },
    async choose(list, option) {
      await list.hover()
      // The open list is drawn by the system, outside the page.
      await list.selectOption({ label: option })
    },
    async slide(slider) {
      await slider.scrollIntoViewIfNeeded()
      const track = await slider.boundingBox()
      if (!track) throw new Error('the slider is not on the screen')
      const y = track.y + track.height / 2
      await page.mouse.move(track.x + 20, y)
      await page.mouse.down()
      await page.mouse.move(track.x + track.width, y, { steps: 20 })
      await page.mouse.up()
    },
    goTo: (area) => press(page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: area })),
  }
}
