import { toErrorData } from '../../shared/errors.ts'
import { pageUrl, type StartReport } from '../../shared/host-address.ts'
import type { HeadlessArgs } from './headless-args.ts'
import type { Compose } from './host.ts'
import { type RunningHost, startHost } from './running-host.ts'
import { openLocalShell } from './shell/local-shell.ts'

/** A process that hears one of these ends in order. `SIGBREAK` is Windows' own Ctrl-Break. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const

/** The life of a headless host as a process of its own. Resolves when it has ended. */
export async function runHeadless(args: HeadlessArgs, pageDir: string, compose: Compose): Promise<void> {
  const { dataDir, mode, port, idleExitMs } = args
  let host: RunningHost
  try {
    host = await startHost({
      dataDir,
      mode,
      port,
      idleExitMs,
      pageDir: args.page ?? pageDir,
      compose,
      openShell: (log) => openLocalShell(dataDir, (error, where) => log.unexpected(error, where)),
    })
  } catch (error) {
    const data = toErrorData(error)
    report({ type: 'failed', error: data })
    say(`slipway: ${data.code} ${JSON.stringify(data.detail)}`)
    // Nobody has a log yet in which this could be found again.
    if (data.code === 'internal') say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = 1
    return
  }
  endInOrder(host, args.withParent)
  process.once('uncaughtException', (error) => {
    // The engine may be in any state: the journal knows better than this process. A restart resumes.
    const id = host.log.unexpected(error, 'uncaught')
    say(`slipway: the host stopped on an unexpected error, log ${id}`)
    process.exit(1)
  })
  report({ type: 'ready', address: host.address })
  process.stdout.write(`Slipway is running. Open ${pageUrl(host.address)}\nCtrl-C ends it.\n`)
  await host.ended
  if (process.connected) process.disconnect()
}

function endInOrder(host: RunningHost, withParent: boolean): void {
  let signalled = false
  const end = () => {
    host.close().catch((error: unknown) => {
      host.log.unexpected(error, 'close')
      process.exitCode = 1
    })
  }
  const onSignal = () => {
    // Asked twice: whoever stands there means it. The journal makes that survivable.
    if (signalled) process.exit(130)
    signalled = true
    end()
  }
  for (const signal of END_SIGNALS) process.on(signal, onSignal)
  // Windows has no signals that a program can hear from another: a message does the same everywhere.
  process.on('message', (message) => {
    if (message === 'end') end()
  })
  if (withParent) process.once('disconnect', end)
  void host.ended.finally(() => {
    for (const signal of END_SIGNALS) process.off(signal, onSignal)
  })
}

function report(message: StartReport): void {
  process.send?.(message)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
