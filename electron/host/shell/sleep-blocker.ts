import { type ChildProcess, spawn } from 'node:child_process'

/** The programs that keep a laptop awake for as long as they run. Windows has none to call. */
const PROGRAMS: Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>> = {
  // `cat` ends when our end of its input closes, so the block cannot outlive this process.
  linux: [
    'systemd-inhibit',
    '--what=sleep:idle:shutdown:handle-lid-switch',
    '--who=Slipway',
    '--why=A device is being written',
    '--mode=block',
    'cat',
  ],
  darwin: ['/usr/bin/caffeinate', '-i', '-s', '-w', String(process.pid)],
}

/** Keeps the laptop awake while a device is written, where the platform has a program for that. */
export class SleepBlocker {
  readonly #platform: NodeJS.Platform
  #program: ChildProcess | null = null

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#platform = platform
  }

  set(awake: boolean): void {
    if (!awake) {
      this.#program?.stdin?.end()
      this.#program?.kill()
      this.#program = null
      return
    }
    const command = PROGRAMS[this.#platform]
    if (this.#program || !command) return
    const [program, ...args] = command
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] })
    // Not installed, or no session to ask: the write goes on, only less comfortably.
    child.on('error', () => {})
    child.stdin?.on('error', () => {})
    child.unref()
    this.#program = child
  }
}
