import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProfileInput } from '../../../shared/model/profile.ts'
import { type Sshd, startSshd } from '../../fixtures/ssh/sshd.ts'
import { Authority, type Leaf } from '../artifacts/authority.ts'
import { tool } from '../artifacts/tools.ts'

const SLOT_BYTES = 8 * 1024 * 1024

/** A machine with two sets of slots: the real RAUC and its service, behind the real OpenSSH, over a boot loader of ours. */
export interface RaucMachine {
  readonly sshd: Sshd
  readonly profile: ProfileInput
  /** Below the machine's folder. */
  path(name: string): string
  /** A bundle with its own `rootfs.img`. */
  bundle(version: string, options?: { compatible?: string; signer?: 'ours' | 'stranger' }): string
  /** The systems that the boot loader started, by the names of their slots. */
  starts(): string[]
  /** Power off and on. */
  reboot(): void
  close(): Promise<void>
}

/**
 * A boot loader that gives a system one start on trial: until RAUC marks that good, the next start is the other one's.
 * The verbs are those of RAUC's `custom` backend.
 */
const BOOTCTL = `#!/bin/sh
cd "$(dirname "$0")/boot" || exit 1
state() { if [ -e "tried.$1" ]; then echo bad; else cat "state.$1"; fi; }
other() { if [ "$1" = A ]; then echo B; else echo A; fi; }
case "$1" in
get-state) state "$2" ;;
set-state) echo "$3" > "state.$2"; if [ "$3" = good ]; then rm -f "tried.$2" "trial.$2"; fi ;;
get-primary) p=$(cat primary); if [ "$(state "$p")" = good ]; then echo "$p"; else other "$p"; fi ;;
set-primary) echo "$2" > primary; echo good > "state.$2"; rm -f "tried.$2"; touch "trial.$2" ;;
*) exit 1 ;;
esac
`

/** What a restart does: the boot loader chooses, and RAUC's service comes up in the system that it chose. */
const REBOOT = `#!/bin/sh
here="$(dirname "$0")"
slot=$("$here/bootctl" get-primary)
if [ -e "$here/boot/trial.$slot" ]; then touch "$here/boot/tried.$slot"; fi
"$here/service" "$slot"
echo "$slot" >> "$here/starts"
`

const SERVICE = `#!/bin/sh
here="$(dirname "$0")"
if [ -e "$here/pid" ]; then
  kill "$(cat "$here/pid")" 2>/dev/null
  while kill -0 "$(cat "$here/pid")" 2>/dev/null; do sleep 0.02; done
fi
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$here/bus.sock"
setsid rauc --conf "$here/system.conf" service --override-boot-slot="$1" >> "$here/service.log" 2>&1 < /dev/null &
echo $! > "$here/pid"
for _ in $(seq 400); do
  if rauc --conf "$here/system.conf" status > /dev/null 2>&1; then exit 0; fi
  sleep 0.02
done
exit 1
`

const BUS = (folder: string) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=${folder}/bus.sock</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`

const SYSTEM = (folder: string) => `[system]
compatible=board-a
bootloader=custom
statusfile=${folder}/central.raucs
mountprefix=${folder}/mnt
bundle-formats=+plain

[handlers]
bootloader-custom-backend=${folder}/bootctl

[keyring]
path=${folder}/acme.pem

[slot.rootfs.0]
device=${folder}/rootfs0.img
type=raw
bootname=A

[slot.rootfs.1]
device=${folder}/rootfs1.img
type=raw
bootname=B
`

export async function startRaucMachine(): Promise<RaucMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-rauc-'))
  const path = (name: string) => join(folder, name)
  for (const name of ['mnt', 'boot', 'upload']) mkdirSync(path(name))
  const ours = new Authority(folder, 'acme').leaf('publisher', 'mail')
  const stranger = new Authority(folder, 'stranger').leaf('somebody', 'mail')
  for (const [name, text] of [
    ['bootctl', BOOTCTL],
    ['reboot', REBOOT],
    ['service', SERVICE],
  ] as const) {
    writeFileSync(path(name), text)
    chmodSync(path(name), 0o755)
  }
  writeFileSync(path('boot/primary'), 'B\n')
  for (const name of ['A', 'B']) writeFileSync(path(`boot/state.${name}`), 'good\n')
  for (const name of ['rootfs0.img', 'rootfs1.img']) tool('truncate', ['-s', String(SLOT_BYTES), path(name)])
  writeFileSync(path('bus.conf'), BUS(folder))
  writeFileSync(path('system.conf'), SYSTEM(folder))
  writeFileSync(path('serial'), 'GW-REAL\n')
  writeFileSync(path('door'), 'closed\n')
  writeFileSync(path('self-test'), 'pass\n')
  const bus = spawn('dbus-daemon', [`--config-file=${path('bus.conf')}`, '--nofork'], { stdio: 'ignore' })
  for (let tries = 0; !existsSync(path('bus.sock')) && tries < 400; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${path('bus.sock')}` }
  const rauc = (...args: string[]) => tool('rauc', ['--conf', path('system.conf'), ...args], { env })
  // As it leaves the factory: the second system put the first one where it runs.
  tool(path('service'), ['B'])
  rauc('install', makeBundle(folder, '1.0.0', 'board-a', ours))
  tool(path('reboot'), [])
  rauc('status', 'mark-good')
  const sshd = await startSshd(path('ssh'))
  return {
    sshd,
    profile: profileOf(folder, sshd),
    path,
    bundle: (version, { compatible = 'board-a', signer = 'ours' } = {}) =>
      makeBundle(folder, version, compatible, signer === 'ours' ? ours : stranger),
    starts: () => readFileSync(path('starts'), 'utf8').trim().split('\n'),
    reboot: () => void tool(path('reboot'), []),
    close: async () => {
      await sshd.close()
      spawnSync('sh', ['-c', `kill "$(cat '${path('pid')}')"`])
      bus.kill()
      if (bus.exitCode === null && bus.signalCode === null) await once(bus, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function profileOf(folder: string, { access }: Sshd): ProfileInput {
  return {
    format: 'slipway.profile/1',
    type: 'acme-gateway',
    title: 'Acme quay gateway',
    vendor: 'Acme',
    drivers: [
      {
        driver: 'rauc',
        link: 'ssh',
        hostKeys: [...access.hostKeys],
        folder: join(folder, 'upload'),
        program: [
          'env',
          `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${folder}/bus.sock`,
          'rauc',
          '--conf',
          `${folder}/system.conf`,
        ],
        restart: [`${folder}/reboot`],
      },
    ],
    identity: {
      type: { source: { from: 'rauc.status', pointer: '/compatible' }, map: { 'board-a': 'acme-gateway' } },
      serial: { source: { from: 'ssh.command', argv: ['cat', `${folder}/serial`] } },
    },
    components: [
      {
        id: 'system',
        title: 'System',
        version: { source: { from: 'rauc.status', slot: 'booted', pointer: '/slot_status/bundle/version' } },
      },
    ],
    signals: [
      {
        id: 'door.closed',
        title: 'Door closed',
        type: 'bool',
        source: { from: 'ssh.command', argv: ['cat', `${folder}/door`], match: '\\w+' },
        map: { closed: true, open: false },
      },
      {
        id: 'health.selftest',
        title: 'Self-test',
        type: 'text',
        source: { from: 'ssh.command', argv: ['cat', `${folder}/self-test`] },
      },
      {
        id: 'boot.slot',
        title: 'Running slot',
        type: 'text',
        source: { from: 'rauc.status', pointer: '/booted' },
      },
      {
        id: 'spare.good',
        title: 'Spare slot would start',
        type: 'bool',
        source: { from: 'rauc.status', slot: 'other', pointer: '/boot_status' },
        map: { good: true, bad: false },
      },
    ],
    timing: { restartWithin: '30s', stallAfter: '60s' },
  }
}

function makeBundle(folder: string, version: string, compatible: string, { key, certificate }: Leaf): string {
  const name = `${compatible}-${version}-${key.includes('somebody') ? 'stranger' : 'ours'}`
  const [content, out] = [join(folder, `${name}.d`), join(folder, `${name}.raucb`)]
  if (existsSync(out)) return out
  mkdirSync(content)
  writeFileSync(join(content, 'rootfs.img'), Buffer.alloc(2 * 1024 * 1024, `${name}\n`))
  writeFileSync(
    join(content, 'manifest.raucm'),
    `[update]\ncompatible=${compatible}\nversion=${version}\n\n[bundle]\nformat=plain\n\n[image.rootfs]\nfilename=rootfs.img\n`,
  )
  tool('rauc', ['bundle', `--cert=${certificate}`, `--key=${key}`, content, out])
  return out
}
