import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../renderer/text/error-text.ts'
import type { ErrorData } from '../../shared/errors.ts'
import { HostAddress, StartReport } from '../../shared/host-address.ts'
import { ErrorDataSchema } from '../../shared/model/error-data.ts'
import { ROOT } from './build.ts'

export interface LaunchedHost {
  readonly address: HostAddress
  /** Null: it was running already, and is not ours to end. */
  readonly child: ChildProcess | null
}

/** Starts the headless host, or finds the one that has the folder. Null when neither worked; it has said why. */
export async function launchHost(args: readonly string[], dataDir: string): Promise<LaunchedHost | null> {
  const child = fork(join(ROOT, 'out', 'main', 'headless.js'), ['--with-parent', ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const report = await Promise.race([
    once(child, 'message').then(([message]) => StartReport.parse(message)),
    once(child, 'exit').then(() => null),
  ])
  if (report?.type === 'ready') {
    child.stderr?.pipe(process.stderr)
    return { address: report.address, child }
  }
  if (child.exitCode === null) await once(child, 'exit')
  const error = ErrorDataSchema.safeParse(report?.error).data
  const running = error?.code === 'host.already-running' ? runningHost(dataDir) : null
  if (running) return { address: running, child: null }
  process.stderr.write(error ? sentences(error) : said || 'The host did not start.\n')
  return null
}

function sentences(error: ErrorData): string {
  const { what, next, code } = errorText(error, 'en')
  return `${what}\n${next}\n(${code})\n`
}

function runningHost(dataDir: string): HostAddress | null {
  try {
    return HostAddress.parse(JSON.parse(readFileSync(join(dataDir, 'run', 'host.json'), 'utf8')))
  } catch {
    return null
  }
}

/** Tells the host to stop at safe points, and waits for that. Gives its exit code. */
export async function endHost({ child }: LaunchedHost): Promise<number> {
  if (!child) return 0
  if (child.exitCode !== null) return child.exitCode
  if (child.signalCode !== null) return 1
  // Ctrl-C reaches it from the terminal too: it may be gone while this is said.
  if (child.connected) child.send('end', () => {})
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
