import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoConsole } from './demo-console.ts'
import { paint } from './look.ts'

/** Which moments of the tour are worth a picture, under what name and by what light. */
const PICTURES: Readonly<Record<string, { name: string; palettes: readonly ('day' | 'night')[] }>> = {
  site: { name: 'site', palettes: ['day'] },
  'run-refused': { name: 'refused', palettes: ['day'] },
  'run-succeeded': { name: 'run', palettes: ['day', 'night'] },
}

/** Takes the README's pictures on the way, into `folder`. */
export function takesPictures({ page }: DemoConsole, folder: string): (name: string) => Promise<void> {
  mkdirSync(folder, { recursive: true })
  return async (moment) => {
    const picture = PICTURES[moment]
    if (!picture) return
    await page.waitForFunction(() => document.fonts.status === 'loaded')
    for (const palette of picture.palettes) {
      await paint(page, palette)
      await page.screenshot({ path: join(folder, `${picture.name}-${palette}.png`) })
    }
    await paint(page, 'day')
  }
}
