import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { cannotRun, needsAll } from '../../fixtures/needs.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { openCable } from './cable.ts'
import { serverFile, smpServers } from './tools.ts'

/** Zephyr's own server, running. */
export interface ZephyrDevice {
  readonly address: string
  /** What it printed outside of frames, on a console that is not the line. */
  output(): string
  close(): Promise<void>
}

const LOADER = '/lib/ld-linux.so.2'

const needs = (context: TestContext, ...names: readonly string[]) =>
  needsAll(context, names, 'apt install qemu-system-arm socat lib32gcc-s1')

/** Zephyr built as a program of this machine. `config` as its makers call it: `serial`, `serial_raw`, `shell`, `udp`. */
export async function startNativeSim(context: TestContext, config: string): Promise<ZephyrDevice> {
  if (process.arch !== 'x64') cannotRun(context, 'Zephyr built for a PC runs on a PC alone')
  needs(context, LOADER)
  const program = serverFile(smpServers(context), `native_sim_${config}.exe`)
  const [child, output, ended] = run(program, [], tempDir())
  const close = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const started = config === 'udp' ? /smp_udp: Started/ : /pseudotty: (\S+)[\s\S]*Booting Zephyr/
  await expect.poll(() => started.test(output()) || child.exitCode, { interval: 20 }).toBe(true)
  const path = started.exec(output())?.[1]
  return { address: path ? `serial:${path}` : 'udp://127.0.0.1:1337', output, close }
}

/** A board with MCUboot under the application: the nRF51 of a micro:bit, or Arm's MPS2. */
const BOARDS = {
  microbit: (servers: string) => [
    '-machine microbit -cpu cortex-m0',
    `-device loader,file=${serverFile(servers, 'qemu_cortex_m0_serial.merged.hex')}`,
  ],
  recovery: (servers: string) => [
    '-machine mps2-an385 -cpu cortex-m3 -serial null',
    `-device loader,file=${serverFile(servers, 'mps2_an385_serial_recovery.hex')}`,
    `-device loader,file=${serverFile(servers, 'mps2_an385_serial_recovery.signed.bin')},addr=0x20050000`,
  ],
} as const

export async function startBoard(context: TestContext, board: keyof typeof BOARDS): Promise<ZephyrDevice> {
  needs(context, 'qemu-system-arm', 'socat')
  const dir = tempDir()
  const socket = join(dir, 'uart.sock')
  const line = `-nographic -monitor none -chardev socket,id=uart,path=${socket},server=on -serial chardev:uart`
  const args = [line, ...BOARDS[board](smpServers(context))].flatMap((words) => words.split(' '))
  const [child, output, ended] = run('qemu-system-arm', args, dir)
  let cable: Awaited<ReturnType<typeof openCable>> | null = null
  const close = async () => {
    child.kill('SIGKILL')
    await ended
    await cable?.close()
  }
  try {
    await expect.poll(() => existsSync(socket) || child.exitCode, { interval: 20 }).toBe(true)
    cable = await openCable(dir, socket, board === 'microbit')
  } catch (error) {
    await close()
    throw error
  }
  return { address: `serial:${cable.path}`, output, close }
}

function run(program: string, args: readonly string[], cwd: string): [ChildProcess, () => string, Promise<void>] {
  const child = spawn(program, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  const keep = (bytes: Buffer) => {
    printed += bytes.toString('latin1')
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  return [child, () => printed, ended]
}
