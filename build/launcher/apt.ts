import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

/** apt may be busy with an update of its own, seconds. */
const LOCK_WAIT_S = 120

/** A server that does not answer is not waited for much longer than a person would, seconds. */
const SERVER_WAIT_S = 20

/** Whether packages can be installed without asking anybody: root on Debian or one of its kind. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/** Installs packages from the system's own repositories. False when that did not work. */
export async function aptInstall(packages: readonly string[]): Promise<boolean> {
  process.stderr.write(`Installing ${packages.join(', ')} ...\n`)
  const install = ['install', '--yes', '--no-install-recommends', ...packages]
  if (await aptGet(install)) return true
  // The lists may be missing, as in a fresh container, or older than what the mirrors still have.
  return (await aptGet(['update'])) && (await aptGet(install))
}

async function aptGet(args: readonly string[]): Promise<boolean> {
  const options = [
    `DPkg::Lock::Timeout=${LOCK_WAIT_S}`,
    `Acquire::http::Timeout=${SERVER_WAIT_S}`,
    `Acquire::https::Timeout=${SERVER_WAIT_S}`,
  ]
  const child = spawn('/usr/bin/apt-get', ['-qq', ...options.flatMap((option) => ['-o', option]), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0
}
