import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { FarEnd } from './far-end.ts'
import { type GuestImage, ROOT } from './guest-image.ts'

/** MB that the guest gets: Node over 9p, the devices and the console's side. */
const MEMORY_MB = 448
/** Nothing but a console, on this process's pipe, and what is plugged in; no network. */
const ISOLATED =
  '-nodefaults -no-user-config -display none -no-reboot -nic none -chardev stdio,id=con,signal=off -serial chardev:con'

export interface GuestRun {
  /** Lines that the program in the guest wrote to its result file, one JSON value each. */
  readonly results: readonly unknown[]
  readonly exitCode: number | null
  readonly console: string
}

/** Bundles `guest/main.ts`, boots the guest, runs it there with `args`, and waits for the guest's end. */
export async function runGuest(image: GuestImage, args: readonly string[], limitMs: number): Promise<GuestRun> {
  const work = join(ROOT, 'test-results', 'usb-guest', `run-${process.pid}`)
  const out = join(work, 'out')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await bundle(work)
  const program = join(work, 'run.sh')
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(work, 'main.mjs')}" ${args.join(' ')}\n`)
  chmodSync(program, 0o755)
  const share = (id: string, path: string, options: string) => [
    '-fsdev',
    `local,id=${id},path=${path},security_model=none,multidevs=remap${options}`,
    '-device',
    `virtio-9p-pci,fsdev=${id},mount_tag=${id}`,
  ]
  const words = `console=ttyS0 quiet panic=-1 tsc=unstable vm.cmd=${program} vm.tools=${image.tools}`
  const machine = `-M q35 -accel tcg,thread=multi -cpu max -smp 1 -m ${MEMORY_MB} ${ISOLATED}`
  const line = join(work, 'line.sock')
  const farEnd = new FarEnd(line, out)
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...machine.split(' '),
      '-kernel',
      image.kernel,
      '-initrd',
      image.initramfs,
      '-append',
      words,
      ...share('root', '/', ',readonly=on'),
      ...share('out', out, ''),
      '-chardev',
      `socket,id=line,path=${line},server=on,wait=off`,
      '-device',
      'qemu-xhci',
      // An FTDI adapter, plugged in as long as somebody is at the other end of its line.
      '-device',
      'usb-serial,chardev=line',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const parts: Buffer[] = []
  for (const stream of [qemu.stdout, qemu.stderr]) stream.on('data', (part: Buffer) => parts.push(part))
  farEnd.obey(qemu.stdout)
  const timer = setTimeout(() => qemu.kill('SIGKILL'), limitMs)
  try {
    await once(qemu, 'exit')
    const read = (name: string) => (existsSync(join(out, name)) ? readFileSync(join(out, name), 'utf8') : '')
    const lines = read('results')
      .split('\n')
      .filter((line) => line !== '')
    const rc = read('rc').trim()
    return {
      results: lines.map((line): unknown => JSON.parse(line)),
      exitCode: rc === '' ? null : Number(rc),
      console: Buffer.concat(parts).toString('utf8'),
    }
  } finally {
    clearTimeout(timer)
    farEnd.close()
    rmSync(work, { recursive: true, force: true })
  }
}

/** One file: reading hundreds over 9p in an emulated machine would take longer than the tests. */
async function bundle(outDir: string): Promise<void> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(ROOT, 'test', 'peers', 'usb', 'guest', 'main.ts'),
      outDir,
      emptyOutDir: false,
      target: 'node22',
      rollupOptions: {
        external: ['usb', 'usb/index.js', 'serialport'],
        output: { entryFileNames: 'main.mjs', codeSplitting: false },
      },
    },
    ssr: { noExternal: true, external: ['usb', 'serialport'] },
  })
}
