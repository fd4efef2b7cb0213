import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../electron/main/menu.ts'
import { placeWindow, readWindowState, writeWindowState } from '../../../electron/main/window-state.ts'
import { mainWords } from '../../../electron/main/words.ts'

const laptop = { x: 0, y: 0, width: 1920, height: 1080 }
const monitor = { x: 1920, y: 0, width: 2560, height: 1440 }
const saved = (x: number, y: number, width = 1000, height = 700) => ({
  bounds: { x, y, width, height },
  maximized: false,
})

describe('the place of the window', () => {
  it.each([
    ['the first time', null, [laptop], { width: 1280, height: 800 }],
    ['as it was left', saved(50, 60), [laptop], { x: 50, y: 60, width: 1000, height: 700 }],
    ['on the second display', saved(2000, 60), [laptop, monitor], { x: 2000, y: 60, width: 1000, height: 700 }],
    ['after the dock is gone', saved(2000, 60), [laptop], { width: 1280, height: 800 }],
    ['almost off the edge', saved(1900, 60), [laptop], { width: 1280, height: 800 }],
    ['with its title bar above the top', saved(50, -30), [laptop], { width: 1280, height: 800 }],
    ['larger than the display', saved(0, 0, 9000, 9000), [laptop], { x: 0, y: 0, width: 1920, height: 1080 }],
    ['smaller than is of use', saved(0, 0, 200, 100), [laptop], { x: 0, y: 0, width: 800, height: 600 }],
    ['on a small display', null, [{ x: 0, y: 0, width: 1024, height: 700 }], { width: 1024, height: 700 }],
    ['on a tiny display', null, [{ x: 0, y: 0, width: 640, height: 480 }], { width: 640, height: 480 }],
    ['without any display', null, [], { width: 1280, height: 800 }],
  ])('%s', (_, state, displays, place) => {
    expect(placeWindow(state, displays)).toEqual(place)
  })

  it('is never larger than the display, and where a hand can catch it', () => {
    const number = fc.integer({ min: -5000, max: 5000 })
    const size = fc.integer({ min: 1, max: 6000 })
    fc.assert(
      fc.property(number, number, size, size, (x, y, width, height) => {
        const place = placeWindow(saved(x, y, width, height), [laptop])
        expect(place.width).toBeLessThanOrEqual(laptop.width)
        expect(place.height).toBeLessThanOrEqual(laptop.height)
        expect(place.x ?? 0).toBeLessThanOrEqual(laptop.width - 100)
        expect(place.y ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('is kept in a file, and a broken file is no trouble', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-window-'))
    const file = join(folder, 'window.json')
    expect(readWindowState(file)).toBeNull()
    writeWindowState(file, saved(1, 2))
    expect(readWindowState(file)).toEqual(saved(1, 2))
    for (const text of ['', '{', '{"bounds":{}}', '{"bounds":{"x":0,"y":0,"width":0,"height":0},"maximized":false}']) {
      writeFileSync(file, text)
      expect(readWindowState(file)).toBeNull()
    }
    expect(() => writeWindowState(join(folder, 'gone', 'x'), saved(1, 2))).not.toThrow()
    rmSync(folder, { recursive: true })
  })
})

describe('the words of the main process', () => {
  it.each([
    [['de-CH', 'en'], 'Slipway offen lassen'],
    [['nn-NO'], 'La Slipway være åpen'],
    [['fr-FR', 'es-ES'], 'Mantener Slipway abierto'],
    [['fr-FR'], 'Keep Slipway open'],
    [[], 'Keep Slipway open'],
    [['constructor'], 'Keep Slipway open'],
  ])('for %j', (languages, keepOpen) => {
    expect(mainWords(languages).keepOpen).toBe(keepOpen)
  })

  it('are whole in every language', () => {
    const all = ['en', 'de', 'no', 'es'].map((language) => mainWords([language]))
    for (const words of all) expect(Object.values(words).every((text: string) => text.length > 2)).toBe(true)
    expect(new Set(all.map(({ writing }) => writing)).size).toBe(4)
  })
})

it('the menu has developer tools only for developers', () => {
  const roles = (dev: boolean) => JSON.stringify(menuTemplate(mainWords(['en']), 'darwin', dev))
  expect(roles(false)).not.toMatch(/toggleDevTools|reload/i)
  expect(roles(true)).toContain('toggleDevTools')
  expect(roles(false)).toMatch(/appMenu.*copy.*zoomIn/)
})
