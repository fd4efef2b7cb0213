/** Entry of Electron's main process. */

import { homedir } from 'node:os'
import { resolve } from 'node:path'
import * as electron from 'electron'
import { defaultDataDir, demoDataDir } from '../../shared/data-dir.ts'
import { startMain } from './main.ts'

const { app } = electron
const given = app.commandLine.getSwitchValue('data-dir') || process.env.SLIPWAY_DATA_DIR
const base = given || defaultDataDir(process.platform, process.env, homedir())
const demo = app.commandLine.hasSwitch('demo')

function report(error: unknown, where: string): string {
  const id = Date.now().toString(36).toUpperCase()
  process.stderr.write(`${id} ${where}: ${error instanceof Error ? error.stack : String(error)}\n`)
  return id
}

// Not awaited: Electron becomes ready only after this module has run to its end.
startMain(electron, {
  folder: import.meta.dirname,
  dataDir: resolve(demo ? demoDataDir(base) : base),
  mode: demo ? 'demo' : 'normal',
  platform: process.platform,
  electronVersion: process.versions.electron ?? '',
  // Only where it cannot be used against anybody: an installed program serves its own page.
  devUrl: app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null),
  onUnexpected: report,
}).catch((error: unknown) => {
  report(error, 'start')
  app.exit(1)
})
