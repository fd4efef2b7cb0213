import { existsSync } from 'node:fs'
import { join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']

/** A browser of the Chromium family on this machine; `CHROME_PATH` goes before what is on the path. */
export function findBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(':')
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [process.env['CHROME_PATH'] ?? '', ...found].find((path) => path !== '' && existsSync(path)) ?? null
}
