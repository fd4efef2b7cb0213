import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoConsole, openDemo } from './demo-console.ts'
import { looksAtWithAxe } from './look.ts'
import { mouse } from './mouse.ts'
import { takesPictures } from './pictures.ts'
import { TOUR_TIMEOUT_MS, wholeTour } from './tour.ts'

let demo: DemoConsole
beforeAll(async () => {
  demo = await openDemo({ width: 1440, height: 900 })
})
afterAll(() => demo?.close())

test('the whole demo by mouse, every screen of it by day and by night', { timeout: TOUR_TIMEOUT_MS }, async () => {
  const pictures = process.env.SLIPWAY_PICTURES
  const look = pictures ? takesPictures(demo, pictures) : looksAtWithAxe(demo, 'mouse')
  await wholeTour({ demo, hands: mouse(demo.page), look })
  expect(demo.complaints).toEqual([])
})
