import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import type { ElectronApi } from './electron-api.ts'
import { MIN_SIZE, placeWindow, readWindowState, writeWindowState } from './window-state.ts'

export interface WindowOptions {
  readonly electron: Pick<ElectronApi, 'BrowserWindow' | 'screen'>
  readonly preload: string
  readonly icon: string
  readonly stateFile: string
  readonly dev: boolean
}

/** The page's cage. Each line is a default of Electron or stricter; said here because much rests on them. */
function webPreferences(preload: string, dev: boolean) {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    spellcheck: false,
    devTools: dev,
    // Readings age on screen also while another window is in front.
    backgroundThrottling: false,
  } satisfies BrowserWindowConstructorOptions['webPreferences']
}

/** Opens the one window, where it was left. */
export function openWindow({ electron, preload, icon, stateFile, dev }: WindowOptions): BrowserWindow {
  const saved = readWindowState(stateFile)
  const displays = electron.screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new electron.BrowserWindow({
    ...placeWindow(saved, displays),
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    title: 'Slipway',
    icon,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#1a1a1a',
    webPreferences: webPreferences(preload, dev),
  })
  if (saved?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  })
  return window
}
