import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import type { AppMode } from '../../shared/contract/app.ts'
import { PORT_MESSAGE } from '../../shared/port-message.ts'
import { APP_SCHEME, PAGE_URL, serveApp } from './app-protocol.ts'
import type { ElectronApi } from './electron-api.ts'
import { HostProcess } from './host-process.ts'
import { menuTemplate } from './menu.ts'
import { QuitGuard } from './quit-guard.ts'
import { serveShell } from './shell-service.ts'
import { guardContents, guardSession } from './web-guard.ts'
import { openWindow } from './window.ts'
import { mainWords } from './words.ts'
import { WritingGuard } from './writing-guard.ts'

export interface MainOptions {
  /** Folder of the bundle: `out/main`. */
  readonly folder: string
  readonly dataDir: string
  readonly mode: AppMode
  readonly platform: NodeJS.Platform
  readonly electronVersion: string
  /** Address of the development server, or null for the built page. */
  readonly devUrl: string | null
  /** Where an error that nobody foresaw is put down. */
  readonly onUnexpected: (error: unknown, where: string) => string
}

/** The main process: first the cage, then the host, then the page. No business logic. */
export async function startMain(electron: ElectronApi, options: MainOptions): Promise<void> {
  const { app } = electron
  const { folder, dataDir, platform, devUrl } = options
  const dev = devUrl !== null
  // Everything up to `whenReady` only counts before Electron is ready.
  app.enableSandbox()
  const profile = join(dataDir, 'window')
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  app.setPath('userData', profile)
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  electron.protocol.registerSchemesAsPrivileged([APP_SCHEME])
  guardContents(app)
  await app.whenReady()

  guardSession(electron.session.defaultSession, dev ? new URL(devUrl).origin : null)
  if (!dev) await serveApp(electron.protocol, join(folder, '..', 'renderer'))
  const words = mainWords(app.getPreferredSystemLanguages())
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menuTemplate(words, platform, dev)))

  const guard = new WritingGuard(keepAwake(electron.powerSaveBlocker))
  let window: BrowserWindow | null = null
  let loaded = false
  const handOver = () => {
    const port = window && loaded ? host.pagePort() : null
    if (port) window?.webContents.postMessage(PORT_MESSAGE, null, [port])
  }
  const host = new HostProcess({
    electron,
    entry: join(folder, 'host.js'),
    dataDir,
    mode: options.mode,
    serveShell: (port) =>
      serveShell(port, {
        electron,
        platform,
        version: options.electronVersion,
        guard,
        onUnexpected: options.onUnexpected,
      }),
    onTakesPages: handOver,
    now: () => performance.now(),
  })
  const { dialog, powerMonitor } = electron
  const quitGuard = new QuitGuard({ app, dialog, powerMonitor, guard, words, endHost: () => host.end() })
  host.start()

  window = openWindow({
    electron,
    preload: join(folder, '..', 'preload', 'preload.cjs'),
    icon: join(folder, '..', '..', 'build', 'icons', 'icon.png'),
    stateFile: join(profile, 'window.json'),
    dev,
  })
  quitGuard.watch(window)
  app.on('second-instance', () => show(window))
  app.on('activate', () => show(window))
  const { webContents } = window
  webContents.on('did-start-loading', () => {
    loaded = false
  })
  // A reload, too: each page gets a port of its own, and the old one closes with the old page.
  webContents.on('did-finish-load', () => {
    loaded = true
    handOver()
  })
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') webContents.reload()
  })
  await window.loadURL(devUrl ?? PAGE_URL)
}

/** A laptop that falls asleep in the middle of a write leaves a device half written. */
function keepAwake(blocker: ElectronApi['powerSaveBlocker']): (writing: boolean) => void {
  let block: number | null = null
  return (writing) => {
    if (writing) {
      block ??= blocker.start('prevent-app-suspension')
    } else if (block !== null) {
      blocker.stop(block)
      block = null
    }
  }
}

function show(window: BrowserWindow | null): void {
  if (window?.isMinimized()) window.restore()
  window?.show()
  window?.focus()
}
