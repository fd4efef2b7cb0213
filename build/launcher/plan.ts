import type { Env } from './browsers.ts'

export interface StartFlags {
  readonly demo: boolean
  /** `--headless`: no window, only the address. */
  readonly headless: boolean
  /** `--browser`: an app window even where Electron could be had. */
  readonly browser: boolean
  readonly dataDir: string | null
  readonly port: string | null
}

/** What this machine has. */
export interface Machine {
  readonly display: boolean
  readonly electron: string | null
  readonly browser: string | null
  /** Root on Debian: a missing browser can be installed. */
  readonly canInstall: boolean
}

export type WindowPlan =
  | { readonly kind: 'electron'; readonly program: string }
  | { readonly kind: 'app-window'; readonly program: string }
  | { readonly kind: 'install-browser' }
  | { readonly kind: 'address'; readonly why: string }

/** How the console is shown: Electron, else a browser's app window, else its address in words. */
export function planWindow(flags: StartFlags, machine: Machine): WindowPlan {
  if (flags.headless) return { kind: 'address', why: 'No window was asked for.' }
  if (!machine.display) return { kind: 'address', why: 'There is no display here.' }
  if (machine.electron && !flags.browser) return { kind: 'electron', program: machine.electron }
  if (machine.browser) return { kind: 'app-window', program: machine.browser }
  if (machine.canInstall) return { kind: 'install-browser' }
  return {
    kind: 'address',
    why: 'No Chrome, Chromium or Edge was found to show the window in. Install one of them, or set CHROME_PATH to it.',
  }
}

/** Whether fetching Electron is worth the wait: somebody will see a window, and wants that one. */
export function wantsElectron(flags: StartFlags, machine: Machine): boolean {
  return machine.display && !machine.electron && !flags.headless && !flags.browser
}

export function hasDisplay(platform: NodeJS.Platform, env: Env): boolean {
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY)
}
