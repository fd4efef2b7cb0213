import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { needsAll } from '../../fixtures/needs.ts'
import { openPacedLine, type PacedLine } from '../../fixtures/serial/paced-line.ts'
import { makeApp, makeScript } from './pump-app.ts'

/** U-Boot of Debian in an emulated machine, set up as an `acme-pump`; its console is a serial line of 115200 baud. */
export interface UBootMachine {
  readonly address: string
  /** What lies on the medium now. */
  stored(): Uint8Array
  /** The processor stops, the line stays: a device that died. */
  freeze(): void
  close(): Promise<void>
}

const UBOOT = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'
const PROGRAMS = ['qemu-system-aarch64', 'mkfs.vfat', 'mcopy', 'socat']
const BAUD = 115_200

/** One FAT partition behind an MBR, where U-Boot looks for `boot.scr`. */
const SECTOR = 512
const FIRST_SECTOR = 2048
const DISK_BYTES = 16 * 1024 * 1024

export function needsUBoot(context: TestContext): void {
  needsAll(context, [...PROGRAMS, UBOOT], 'apt install qemu-system-arm u-boot-qemu dosfstools mtools socat')
}

/** Tells the application its serial number in memory, and starts it. */
const BOOT = `fatload virtio 0:1 0x48000000 id.env
env import -t 0x48000000 \${filesize}
mw.l 0x47ffe000 0
fatload virtio 0:1 0x42000000 app.bin && env export -t 0x47fff000 serial && setenv autostart yes && bootm 0x42000000
`

export async function startUBoot(
  dir: string,
  serial: string,
  version: string,
  /** More of what QEMU is told: a network. */
  more: readonly string[] = [],
): Promise<UBootMachine> {
  const disk = join(dir, 'disk.img')
  const volume = `${disk}@@${FIRST_SECTOR * SECTOR}`
  makeDisk(disk)
  const files = {
    'id.env': Buffer.from(`type=acme-pump\nhardware=1.2\nserial=${serial}\n`),
    'boot.scr': makeScript(BOOT),
    'app.bin': makeApp(version),
  }
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(dir, name), bytes)
    execFileSync('mcopy', ['-i', volume, join(dir, name), '::'])
  }
  const socket = join(dir, 'serial.sock')
  const machine = spawn('qemu-system-aarch64', [...qemuArguments(disk, socket), ...more], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => machine.once('exit', () => resolve()))
  let line: PacedLine | null = null
  const close = async () => {
    machine.kill('SIGKILL')
    await ended
    await line?.close()
  }
  try {
    await expect.poll(() => existsSync(socket) || hasEnded(machine)).toBe(true)
    line = await openPacedLine(dir, BAUD, socket)
  } catch (error) {
    await close()
    throw error
  }
  return {
    address: `serial:${line.host}`,
    stored() {
      execFileSync('mcopy', ['-o', '-i', volume, '::app.bin', join(dir, 'stored.bin')])
      return readFileSync(join(dir, 'stored.bin'))
    },
    freeze: () => void machine.kill('SIGSTOP'),
    close,
  }
}

function hasEnded({ exitCode }: ChildProcess): boolean {
  return exitCode !== null
}

/** `wait=on`: it is switched on by whoever opens its line, so that nothing it says is missed. */
function qemuArguments(disk: string, socket: string): string[] {
  const machine = ['-M', 'virt', '-cpu', 'cortex-a57', '-m', '256', '-bios', UBOOT]
  const nothingElse = ['-nographic', '-monitor', 'none', '-nodefaults']
  const medium = ['-drive', `if=none,id=d0,format=raw,file=${disk}`, '-device', 'virtio-blk-device,drive=d0']
  return [...machine, ...nothingElse, ...medium, '-serial', `unix:${socket},server=on,wait=on`]
}

function makeDisk(path: string): void {
  const disk = openSync(path, 'w')
  ftruncateSync(disk, DISK_BYTES)
  const entry = Buffer.alloc(66)
  const sectors = DISK_BYTES / SECTOR - FIRST_SECTOR
  // Active, FAT32 (LBA); first sector and length. Then the mark of a boot sector.
  entry.set([0x80, 0, 0, 0, 0x0c, 0, 0, 0])
  entry.writeUInt32LE(FIRST_SECTOR, 8)
  entry.writeUInt32LE(sectors, 12)
  entry.set([0x55, 0xaa], 64)
  writeSync(disk, entry, 0, entry.length, 446)
  closeSync(disk)
  execFileSync('mkfs.vfat', ['--offset', String(FIRST_SECTOR), path, String((sectors * SECTOR) / 1024)], {
    stdio: 'ignore',
  })
}
