import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { demoDataDir } from '../../shared/data-dir.ts'
import { AppError } from '../../shared/errors.ts'
import { type GlobalOptions, runCli } from './cli.ts'
import { findHost } from './find-host.ts'
import { processIo } from './io.ts'
import { findOrStartHost } from './start-host.ts'

/** The command line as a process: arguments, terminal, Ctrl-C, exit code. */
export async function runProcess(base: string, hostEntry: string): Promise<void> {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt.abort())
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', () => process.exit(0))
  process.exitCode = await runCli(process.argv.slice(2), {
    io: processIo(),
    signal: interrupt.signal,
    openHost: (options, signal) => openHost(options, resolve(options.dataDir ?? base), hostEntry, signal),
    runHost: (args) => runHost(hostEntry, args),
  })
  // An input that was read would keep the process waiting for more.
  process.stdin.destroy()
}

async function openHost(options: GlobalOptions, given: string, entry: string, signal: AbortSignal) {
  const dataDir = options.demo ? demoDataDir(given) : given
  const args = ['--data-dir', given, ...(options.demo ? ['--demo'] : [])]
  if (options.start) return findOrStartHost({ entry, args, dataDir, signal })
  const running = await findHost(dataDir, signal)
  if (!running) throw new AppError('host.unavailable')
  return running
}

async function runHost(entry: string, args: readonly string[]): Promise<number> {
  const host = fork(entry, [...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  process.on('SIGTERM', () => host.connected && host.send('end'))
  // The terminal sends Ctrl-C to both of us; the host is the one to act on it.
  process.on('SIGINT', () => {})
  const [code] = (await once(host, 'exit')) as [number | null]
  return code ?? 1
}
