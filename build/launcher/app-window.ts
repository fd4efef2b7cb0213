import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { appWindowArgs } from './browsers.ts'

/** A starter script is small; a browser is not, bytes. */
const SCRIPT_SIZE = 20_000

/**
 * Opens the page in a browser's app window and waits until that is closed, or `signal` closes it. The address holds the
 * host's token, and command lines are visible to every user of a machine: it goes through a private
 * file that leads there.
 */
export async function openAppWindow(
  program: string,
  pageUrl: string,
  dataDir: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = isSnap(program) ? join(homedir(), 'snap', 'chromium', 'common', 'slipway') : join(dataDir, 'browser')
  const door = join(folder, 'open.html')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // An older file may be open to others: a new one is not.
  rmSync(door, { force: true })
  writeFileSync(door, doorPage(pageUrl), { mode: 0o600 })
  const args = appWindowArgs({
    url: pathToFileURL(door).href,
    profileDir: freeProfile(folder),
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
  })
  const browser = spawn(program, args, { stdio: 'ignore' })
  const close = () => browser.kill()
  signal.addEventListener('abort', close)
  try {
    await once(browser, 'exit')
  } finally {
    signal.removeEventListener('abort', close)
    rmSync(door, { force: true })
  }
}

/**
 * The browser's own profile for us, or another one while that is in use: a second browser on it would
 * hand its page to the first and end at once, as if the window had been closed.
 */
export function freeProfile(folder: string): string {
  const profile = join(folder, 'profile')
  try {
    // Chromium on Linux and macOS: a link that names the machine and the process.
    const pid = Number(readlinkSync(join(profile, 'SingletonLock')).split('-').at(-1))
    return process.kill(pid, 0) ? mkdtempSync(join(folder, 'profile-')) : profile
  } catch {
    return profile
  }
}

/** The address as a page that leads to it. */
export function doorPage(pageUrl: string): string {
  // `<` cannot end the script element from inside a string that way.
  const address = JSON.stringify(pageUrl).replaceAll('<', '\\u003c')
  return `<!doctype html><meta charset="utf-8"><title>Slipway</title><script>location.replace(${address})</script>\n`
}

/** A browser from Ubuntu's snap store sees no hidden folders: it gets its files where it can. */
export function isSnap(program: string): boolean {
  if (program.startsWith('/snap/')) return true
  try {
    const real = realpathSync(program)
    if (real.startsWith('/snap/') || real === '/usr/bin/snap') return true
    return statSync(real).size < SCRIPT_SIZE && readFileSync(real, 'utf8').includes('/snap/bin/')
  } catch {
    return false
  }
}
