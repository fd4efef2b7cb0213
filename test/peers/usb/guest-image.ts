import { execFile, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
export const ROOT = join(here, '..', '..', '..')

/** Where everything that is downloaded or made is kept from one time to the next. */
const CACHE = join(ROOT, 'test-results', 'usb-guest')
const TOOLS = ['busybox-static', 'kmod', 'libkmod2', 'udev', 'libudev1']
/** Kernel modules that the guest loads, with what they depend on. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'vhci-hcd', 'xhci-pci', 'cdc-acm', 'ftdi_sio']
/** Folders of the kernel package in which those are. */
const FOLDERS = ['drivers/usb', 'drivers/virtio', 'fs/9p', 'net/9p', 'fs/fscache', 'fs/netfs']

export interface GuestImage {
  readonly kernel: string
  readonly initramfs: string
  /** Unpacked Debian packages with programs for the guest. */
  readonly tools: string
}

/** Makes the guest, or takes the one that is there. Rejects when a package cannot be had. */
export async function guestImage(): Promise<GuestImage> {
  const image = { kernel: join(CACHE, 'vmlinuz'), initramfs: join(CACHE, 'initramfs.gz'), tools: join(CACHE, 'tools') }
  const stamp = join(CACHE, 'made-from')
  const recipe = readFileSync(join(here, 'guest-init.sh'), 'utf8') + [...TOOLS, ...MODULES, ...FOLDERS].join()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === recipe) return image
  rmSync(CACHE, { recursive: true, force: true })
  for (const folder of ['debs', 'tools', 'kernel']) mkdirSync(join(CACHE, folder), { recursive: true })
  await download()
  const debs = readdirSync(join(CACHE, 'debs')).map((name) => join(CACHE, 'debs', name))
  const kernelDeb = debs.find((path) => path.includes('linux-image'))
  if (!kernelDeb) throw new Error('no kernel package')
  for (const deb of debs.filter((path) => path !== kernelDeb)) await run('dpkg', ['-x', deb, image.tools])
  // The package's link leads to a file of the host.
  const udevd = join(image.tools, 'lib', 'systemd', 'systemd-udevd')
  rmSync(udevd)
  symlinkSync('../../bin/udevadm', udevd)
  await unpackKernel(kernelDeb)
  makeInitramfs(image)
  const boot = join(CACHE, 'kernel', 'boot')
  renameSync(join(boot, readdirSync(boot).find((name) => name.startsWith('vmlinuz')) ?? ''), image.kernel)
  rmSync(join(CACHE, 'debs'), { recursive: true, force: true })
  rmSync(join(CACHE, 'kernel'), { recursive: true, force: true })
  writeFileSync(stamp, recipe)
  return image
}

async function download(): Promise<void> {
  const fetch = async () => {
    const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64'])
    const kernel = /Depends: (linux-image-\S+)/.exec(stdout)?.[1]
    if (!kernel) throw new Error('apt knows no kernel package')
    await run('apt-get', ['-qq', 'download', kernel, ...TOOLS], { cwd: join(CACHE, 'debs') })
  }
  try {
    await fetch()
  } catch {
    // Missing or outdated lists, as in a fresh container.
    await run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', 'update'])
    await fetch()
  }
}

/** Only what is needed: all of it would be 400 MB. */
async function unpackKernel(deb: string): Promise<void> {
  const files = FOLDERS.map((folder) => `./lib/modules/*/kernel/${folder}/*`)
  const tar = join(CACHE, 'kernel.tar')
  await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" > "$2"', 'sh', deb, tar])
  await run('tar', [
    '-xf',
    tar,
    '-C',
    join(CACHE, 'kernel'),
    '--wildcards',
    './boot/vmlinuz-*',
    './lib/modules/*/modules.*',
    ...files,
  ])
  rmSync(tar)
}

function makeInitramfs({ initramfs, tools }: GuestImage): void {
  const kernel = join(CACHE, 'kernel')
  const [version = ''] = readdirSync(join(kernel, 'lib', 'modules'))
  const files = join(CACHE, 'files')
  for (const folder of ['bin', 'sbin', 'dev', 'proc', 'sys', 'root', `lib/modules/${version}`]) {
    mkdirSync(join(files, folder), { recursive: true, mode: 0o755 })
  }
  const busybox = join(tools, 'bin', 'busybox')
  copyFileSync(busybox, join(files, 'bin', 'busybox'))
  for (const name of program(busybox, ['--list']).split('\n')) {
    if (name !== '' && name !== 'busybox') symlinkSync('busybox', join(files, 'bin', name))
  }
  copyFileSync(join(here, 'guest-init.sh'), join(files, 'init'))
  chmodSync(join(files, 'init'), 0o755)
  // kmod is what its name says: one program under several names.
  for (const name of ['depmod', 'modprobe']) symlinkSync(join(tools, 'bin', 'kmod'), join(CACHE, name))
  const env = { ...process.env, LD_LIBRARY_PATH: join(tools, 'lib', 'x86_64-linux-gnu') }
  program(join(CACHE, 'depmod'), ['-b', kernel, version], env)
  for (const module of MODULES) {
    const list = program(join(CACHE, 'modprobe'), ['-d', kernel, '-S', version, '--show-depends', module], env)
    for (const [, path = ''] of list.matchAll(/^insmod (\S+)/gm)) {
      const at = join(files, path.slice(kernel.length))
      mkdirSync(dirname(at), { recursive: true })
      copyFileSync(path, at)
    }
  }
  for (const name of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order']) {
    copyFileSync(join(kernel, 'lib', 'modules', version, name), join(files, 'lib', 'modules', version, name))
  }
  program(join(CACHE, 'depmod'), ['-b', files, version], env)
  const all = program('find', ['.'], process.env, files)
  const { stdout, status } = spawnSync('cpio', ['-o', '-H', 'newc', '--quiet', '-R', '0:0'], {
    cwd: files,
    input: all,
    maxBuffer: 256 * 1024 * 1024,
  })
  if (status !== 0) throw new Error('cpio failed')
  writeFileSync(initramfs, gzipSync(stdout, { level: 1 }))
  rmSync(files, { recursive: true, force: true })
}

function program(name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, cwd = CACHE): string {
  const { stdout, stderr, status } = spawnSync(name, args, { env, cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`)
  return stdout
}
