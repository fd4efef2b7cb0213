import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { aptInstall, canInstall } from '../launcher/apt.ts'
import { findBrowser } from '../launcher/browsers.ts'
import { buildIfStale } from '../launcher/build.ts'

/** Something a lane cannot do without. */
export interface Need {
  /** Debian packages that bring it; none for what is made here. */
  readonly packages: readonly string[]
  /** Null when it is there, else what is missing, as the end of "could not run: ...". */
  missing(): Promise<string | null>
}

const onPath = (program: string) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(posix.join(folder || '.', program)))

const programs = (packages: readonly string[], wanted: readonly string[], files: readonly string[] = []): Need => ({
  packages,
  missing: () => {
    const gone = [...wanted.filter((name) => !onPath(name)), ...files.filter((file) => !existsSync(file))]
    return Promise.resolve(gone.length === 0 ? null : `${gone.join(', ')} not found`)
  },
})

export const BUILD: Need = {
  packages: [],
  missing: async () => ((await buildIfStale()) ? null : 'the build failed'),
}

export const BROWSER: Need = {
  packages: ['chromium'],
  missing: () =>
    Promise.resolve(findBrowser() ? null : 'no Chrome, Chromium or Edge (install one, or set CHROME_PATH)'),
}

/** Serial ports without hardware: pairs of pseudo-terminals. */
export const SOCAT = programs(['socat'], ['socat'])

/** The other side's own software, as the peers' tests start it. */
export const PEERS = programs(
  [
    'swupdate',
    'swupdate-www',
    'age',
    'cpio',
    'openssl',
    'socat',
    'lrzsz',
    'faketime',
    'fastboot',
    'android-sdk-libsparse-utils',
  ],
  ['swupdate', 'age', 'cpio', 'openssl', 'socat', 'rb', 'sb', 'faketime', 'fastboot', 'simg2img'],
  ['/usr/share/swupdate/www'],
)

/** An emulated machine with a boot loader, and a medium for it. */
export const BOOT_LOADER = programs(
  ['qemu-system-arm', 'u-boot-qemu', 'dosfstools', 'mtools', 'curl'],
  ['qemu-system-aarch64', 'mkfs.vfat', 'mcopy', 'curl'],
  ['/usr/lib/u-boot/qemu_arm64/u-boot.bin'],
)

/** A guest with a USB bus of its own, and the other client of its devices; its kernel is fetched by the test itself. */
export const USB_GUEST = programs(
  ['qemu-system-x86', 'cpio', 'dfu-util', 'lrzsz', 'fastboot'],
  ['qemu-system-x86_64', 'cpio', 'dfu-util', 'rb', 'fastboot'],
)

/** Other people's makers of artifacts, for files that our readers must understand. */
export const ARTIFACT_TOOLS = programs(
  ['mender-artifact', 'rauc', 'squashfs-tools', 'dfu-util', 'srecord', 'python3-venv'],
  ['mender-artifact', 'rauc', 'mksquashfs', 'dfu-suffix', 'srec_cat', 'python3'],
)

/** Zephyr's SMP server, which is a program of 32 bits here and firmware of an emulated board, and other people's clients. */
export const SMP_PEERS =
  process.arch === 'x64'
    ? programs(
        ['lib32gcc-s1', 'qemu-system-arm', 'socat', 'python3-venv'],
        ['qemu-system-arm', 'socat', 'python3'],
        ['/lib/ld-linux.so.2', '/usr/lib32/libgcc_s.so.1'],
      )
    : programs(['qemu-system-arm', 'socat', 'python3-venv'], ['qemu-system-arm', 'socat', 'python3'])

/** Devices behind a login: OpenSSH's server, and the buses and updaters that run behind it. */
export const SSH_DEVICES = programs(
  ['openssh-server', 'openssh-client', 'dbus', 'rauc', 'squashfs-tools'],
  ['ssh-keygen', 'scp', 'dbus-daemon', 'rauc', 'mksquashfs'],
  ['/usr/sbin/sshd'],
)

/** Devices with Mender's client behind SSH, in namespaces of their own. */
export const MENDER_DEVICES = programs(
  ['openssh-server', 'mender-client', 'mender-artifact'],
  ['mender', 'mender-artifact', 'unshare'],
  ['/usr/sbin/sshd'],
)

/** Brings what is missing where that can be done without asking; null, or why it cannot. */
export async function meet(need: Need): Promise<string | null> {
  const before = await need.missing()
  if (before === null || need.packages.length === 0) return before
  if (!canInstall()) return `${before}; on Debian or Ubuntu: apt-get install ${need.packages.join(' ')}`
  await aptInstall(need.packages)
  return need.missing()
}
