import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoConsole } from './demo-console.ts'
import { paint } from './look.ts'

/** Which moments of the tour are worth a picture, and by what light. */
const PICTURES: Readonly<Record<string, readonly ('day' | 'night')[]>> = {
  site: ['day'],
  'run-writing': ['day', 'night'],
  'run-succeeded': ['day', 'night'],
}

/** Takes the README's pictures on the way, into `folder`. */
export function takesPictures({ page }: DemoConsole, folder: string): (name: string) => Promise<void> {
  mkdirSync(folder, { recursive: true })
  return async (name) => {
    await page.waitForFunction(() => document.fonts.status === 'loaded')
    for (const palette of PICTURES[name] ?? []) {
      await paint(page, palette)
      await page.screenshot({ path: join(folder, `${name.replace('run-succeeded', 'run')}-${palette}.png`) })
    }
    await paint(page, 'day')
  }
}
