import { existsSync } from 'node:fs'
import { posix, win32 } from 'node:path'

/** As much of the environment as tells where programs are. */
export type Env = Readonly<Record<string, string | undefined>>

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
]
const MAC_NAMES = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser']
const WINDOWS_PATHS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
]

/** Where browsers with an app window may be, best first. `CHROME_PATH` goes before all. */
export function browserCandidates(platform: NodeJS.Platform, env: Env): string[] {
  const given = env.CHROME_PATH ? [env.CHROME_PATH] : []
  if (platform === 'win32') {
    const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter((root) => root !== undefined)
    return [...given, ...WINDOWS_PATHS.flatMap((path) => roots.map((root) => win32.join(root, path)))]
  }
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])]
    return [...given, ...MAC_NAMES.flatMap((name) => folders.map((dir) => `${dir}/${name}.app/Contents/MacOS/${name}`))]
  }
  const folders = (env.PATH ?? '').split(':').filter((dir) => dir.startsWith('/'))
  return [...given, ...LINUX_NAMES.flatMap((name) => folders.map((dir) => posix.join(dir, name)))]
}

export function findBrowser(platform = process.platform, env: Env = process.env, exists = existsSync): string | null {
  return browserCandidates(platform, env).find((path) => exists(path)) ?? null
}

export interface AppWindow {
  readonly url: string
  /** A browser profile of its own: the console shares nothing with the user's browsing. */
  readonly profileDir: string
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
}

/** Arguments that make a browser show one page as a window of its own, and nothing of its own network life. */
export function appWindowArgs({ url, profileDir, platform, isRoot }: AppWindow): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profileDir}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-features=Translate',
    '--window-size=1280,800',
    // Chromium's sandbox refuses root, and a container's /dev/shm is too small for it.
    ...(platform === 'linux' && isRoot ? ['--no-sandbox', '--test-type', '--disable-dev-shm-usage'] : []),
  ]
}
