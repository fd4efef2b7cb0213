import { type ChildProcess, spawn } from 'node:child_process'
import { isListening } from '../../fixtures/ports.ts'

export interface DaemonProcess {
  log(): string
  /** As a power cut does: the daemon and its children, at once. */
  kill(): Promise<void>
  /** As systemd does. */
  start(): Promise<void>
}

/** The daemon's process group, which can end and begin again on the same port. */
export function daemonProcess(args: readonly string[], dir: string, tmp: string, port: number): DaemonProcess {
  const output: Buffer[] = []
  let daemon: ChildProcess | null = null
  const log = () => Buffer.concat(output).toString('utf8')
  const kill = async () => {
    const gone = daemon
    daemon = null
    if (gone?.pid === undefined) return
    const ended = new Promise((resolve) => (gone.exitCode === null ? gone.once('exit', resolve) : resolve(null)))
    // Its children outlive it.
    try {
      process.kill(-gone.pid, 'SIGKILL')
    } catch {
      // They are gone already.
    }
    await ended
  }
  const start = async () => {
    const started = spawn('swupdate', args, {
      env: { ...process.env, TMPDIR: tmp },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: the daemon forks children, and all of them must end.
      detached: true,
      cwd: dir,
    })
    daemon = started
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (part: Buffer) => output.push(part))
    for (let tries = 0; !(await isListening(port)); tries += 1) {
      if (tries >= 100) {
        await kill()
        throw new Error(`swupdate did not start:\n${log()}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return { log, kill, start }
}
