import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultDataDir, demoDataDir } from '../../shared/data-dir.ts'
import { pageUrl } from '../../shared/host-address.ts'
import { meet, SOCAT } from '../lanes/needs.ts'
import { openAppWindow } from './app-window.ts'
import { aptInstall, canInstall } from './apt.ts'
import { findBrowser } from './browsers.ts'
import { buildIfStale, ROOT } from './build.ts'
import { bringDemoCable } from './demo-cable.ts'
import { fetchElectron, findElectron } from './electron-runtime.ts'
import { endHost, launchHost } from './host.ts'
import { hasDisplay, type Machine, planWindow, type StartFlags, type WindowPlan, wantsElectron } from './plan.ts'

const USAGE = `npm start [-- options]

  --demo           simulated devices, a server of their own and a guided first run
  --headless       no window: print the address and stay up
  --browser        a browser's app window even where Electron could be had
  --data-dir DIR   where the console keeps everything
  --port N         port on 127.0.0.1; any free one unless given
`

/** Shows the console in the best way this machine has, and stays until that is closed. Gives the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  let flags: StartFlags
  try {
    flags = readFlags(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    return 2
  }
  if (!(await buildIfStale())) return 1
  const plan = await choosePlan(flags)
  if (flags.demo) {
    const say = (line: string) => process.stderr.write(`${line}\n`)
    await bringDemoCable({ platform: process.platform, need: SOCAT, canInstall: canInstall(), meet, say })
  }
  return plan.kind === 'electron' ? runElectron(plan.program, flags) : runBesideHost(plan, flags)
}

function readFlags(args: readonly string[]): StartFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      demo: { type: 'boolean', default: false },
      headless: { type: 'boolean', default: false },
      browser: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      port: { type: 'string' },
    },
  })
  const { demo, headless, browser, 'data-dir': dataDir = null, port = null } = values
  return { demo, headless, browser, dataDir, port }
}

async function choosePlan(flags: StartFlags): Promise<WindowPlan> {
  const machine: Machine = {
    display: hasDisplay(process.platform, process.env),
    electron: findElectron(),
    browser: findBrowser(),
    canInstall: canInstall(),
  }
  const electron = wantsElectron(flags, machine) ? await fetchElectron() : machine.electron
  const plan = planWindow(flags, { ...machine, electron })
  if (plan.kind !== 'install-browser') return plan
  await aptInstall(['chromium'])
  return planWindow(flags, { ...machine, electron, browser: findBrowser(), canInstall: false })
}

async function runElectron(program: string, flags: StartFlags): Promise<number> {
  const args = [
    ROOT,
    ...(flags.demo ? ['--demo'] : []),
    ...(flags.dataDir === null ? [] : [`--data-dir=${flags.dataDir}`]),
    // Chromium's sandbox refuses root.
    ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]
  const electron = spawn(program, args, { stdio: 'inherit' })
  const [code] = (await once(electron, 'exit')) as [number | null]
  return code ?? 1
}

async function runBesideHost(plan: Exclude<WindowPlan, { kind: 'electron' }>, flags: StartFlags): Promise<number> {
  const base = resolve(
    flags.dataDir ?? process.env.SLIPWAY_DATA_DIR ?? defaultDataDir(process.platform, process.env, homedir()),
  )
  const dataDir = flags.demo ? demoDataDir(base) : base
  const port = flags.port === null ? [] : ['--port', flags.port]
  const host = await launchHost(['--data-dir', base, ...(flags.demo ? ['--demo'] : []), ...port], dataDir)
  if (!host) return 1
  const url = pageUrl(host.address)
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done())
  })
  const hostGone = host.child ? once(host.child, 'exit') : new Promise(() => {})
  if (plan.kind === 'app-window') {
    process.stdout.write(
      `Slipway is running. Its window can be opened again at\n  ${url}\nClosing the window, or Ctrl-C, ends it.\n`,
    )
    const close = new AbortController()
    const closed = openAppWindow(plan.program, url, dataDir, close.signal).catch((error: unknown) => {
      process.stderr.write(
        `${plan.program} did not start (${String(error)}). Open the address above in another browser.\n`,
      )
      return interrupted
    })
    await Promise.race([closed, interrupted, hostGone])
    close.abort()
    await closed
  } else {
    const why = plan.kind === 'address' ? plan.why : ''
    process.stdout.write(`${why} Open this address in a browser on this machine:\n  ${url}\nCtrl-C ends it.\n`)
    await Promise.race([interrupted, hostGone])
  }
  return endHost(host)
}
