import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { imageBody } from '../../../electron/sim/artifacts/demo.ts'
import { makeSwu, type SwuOptions } from '../../../electron/sim/artifacts/swu-maker.ts'
import { freePort } from '../../fixtures/ports.ts'
import { daemonProcess } from './daemon-process.ts'
import { type CmsSigner, makeSigner } from './keys.ts'
import { makeTls, type TlsKeys } from './tls-keys.ts'

/** The real SWUpdate daemon on loopback, set up as an `acme-winch` of its own. */
export interface SwupdateDaemon {
  readonly address: string
  readonly dir: string
  readonly account: { readonly username: string; readonly password: string } | null
  /** The file that stands for the partition. */
  readonly slot: string
  /** Signer whose packages the daemon accepts, and one that it does not know. */
  readonly signer: CmsSigner
  readonly stranger: CmsSigner
  readonly tls: TlsKeys | null
  slotHash(): string
  /** A package for this daemon; `change` makes it wrong. */
  package(
    version: string,
    change?: Partial<SwuOptions> & {
      readonly size?: number
      readonly unsigned?: boolean
      /** Its installation stands still, once it was received and judged, until it is released. */
      readonly held?: boolean
    },
  ): Promise<Uint8Array>
  /** An installation stands still. */
  isHolding(): boolean
  release(): void
  log(): string
  /** As a power cut does; `start` is what systemd does after it. */
  kill(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export interface DaemonOptions {
  readonly version?: string
  readonly serial?: string
  readonly login?: boolean
  /** A device of its own kind behind it, whose version it tells. */
  readonly behind?: SwupdateDaemon
  /** Runs what was installed without being told to. */
  readonly selfStarts?: boolean
  /** Names in the certificate, for a daemon that is reached by TLS alone. */
  readonly tls?: readonly string[]
  /** More options for the daemon, such as `-N 2.0.0`. */
  readonly args?: readonly string[]
}

const HARDWARE = '1.2'
const SLOT_SIZE = 4 * 1024 * 1024

/** Starts the daemon with digest login, CMS-signed packages only, and a post-update command that restarts the "device". */
export async function startSwupdate(options: DaemonOptions = {}): Promise<SwupdateDaemon> {
  const { version = '1.0.0', serial = 'W-REAL', login = true, args = [] } = options
  const names = options.tls ?? null
  const dir = mkdtempSync(join(tmpdir(), 'slipway-swupdate-'))
  const path = (name: string) => join(dir, name)
  for (const name of ['www', 'tmp']) mkdirSync(path(name))
  const [signer, stranger] = [makeSigner(dir, 'signer'), makeSigner(dir, 'stranger')]
  const tls = names && makeTls(dir, 'device', names)
  const account = login ? { username: 'technician', password: 'open sesame' } : null
  const slot = path('slot.img')
  const first = imageBody({ type: 'acme-winch', version, size: 64 * 1024 })
  writeFileSync(slot, Buffer.concat([first, Buffer.alloc(SLOT_SIZE - first.length)]))
  writeFileSync(path('www/index.html'), '<title>SWUpdate</title>')
  writeFileSync(path('post.sh'), postUpdate(dir, serial, options), { mode: 0o755 })
  spawnSync(path('post.sh'), ['start'])
  writeFileSync(path('hold'), '')
  const waits = Buffer.from(
    `#!/bin/sh\ntouch "${path('holding')}"\nwhile [ -f "${path('hold')}" ]; do sleep 0.1; done\n`,
  )
  writeFileSync(
    path('swupdate.cfg'),
    `globals : { verbose = true; loglevel = 5; public-key-file = "${signer.certificate}"; bootloader = "none"; };
webserver : { document_root = "${path('www')}"; timeout = 20; };
`,
  )
  if (account) {
    const { username, password } = account
    const digest = createHash('md5').update(`${username}:swupdate:${password}`).digest('hex')
    writeFileSync(path('htdigest'), `${username}:swupdate:${digest}\n`)
  }
  const port = await freePort()
  const auth = account ? `--auth-domain swupdate --global-auth-file ${path('htdigest')}` : ''
  const ssl = tls ? `-s -C ${tls.certificate} -K ${tls.key}` : ''
  const web = `-r ${path('www')} -p 127.0.0.1:${port} ${auth} ${ssl}`.trim()
  const common = ['-f', path('swupdate.cfg'), '-H', `board-a:${HARDWARE}`, '-p', path('post.sh'), ...args]
  const daemon = daemonProcess([...common, '-w', web], dir, path('tmp'), port)
  const close = async () => {
    await daemon.kill()
    rmSync(dir, { recursive: true, force: true })
  }
  const address = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  try {
    await daemon.start()
  } catch (error) {
    await close()
    throw error
  }
  return {
    address,
    dir,
    account,
    slot,
    signer,
    stranger,
    tls,
    slotHash: () => createHash('sha256').update(readFileSync(slot)).digest('hex'),
    package: (next, { size = 200_000, unsigned = false, held = false, ...change } = {}) =>
      makeSwu({
        version: next,
        hardware: [HARDWARE],
        images: [{ name: 'rootfs.img', bytes: imageBody({ type: 'acme-winch', version: next, size }), device: slot }],
        ...(held && { scripts: [{ name: 'wait.sh', bytes: waits, type: 'preinstall' as const }] }),
        ...(!unsigned && { sign: (description: Uint8Array) => signer.sign(description) }),
        ...change,
      }),
    isHolding: () => existsSync(path('holding')),
    release: () => rmSync(path('hold'), { force: true }),
    log: () => daemon.log(),
    kill: () => daemon.kill(),
    start: () => daemon.start(),
    close,
  }
}

/**
 * SWUpdate runs this after each success and at `POST /restart`. The first run after a success only notes what is in
 * the slot; the next one is the restart: the application tells what is in the slot from then on.
 */
function postUpdate(dir: string, serial: string, { behind, selfStarts = false }: DaemonOptions): string {
  const arm = behind ? `$(sed -n 's/.*"version": "\\([^"]*\\)".*/\\1/p' "${behind.dir}/www/device.json")` : ''
  return `#!/bin/sh
cd "${dir}" || exit 1
now=$(cksum < slot.img)
if [ ${selfStarts} = false ] && [ "$1" != start ] && [ "$(cat installed 2>/dev/null)" != "$now" ]; then echo "$now" > installed; exit 0; fi
rm -f installed
read -r type version selftest < slot.img
cat > www/device.json.new <<END
{ "type": "acme-winch", "serial": "${serial}", "hardware": "${HARDWARE}", "version": "$version",
  "arm": { "version": "${arm}" },
  "signals": { "brake": "set", "tension_kg": 400, "battery": 96, "selftest": "\${selftest#selftest=}" } }
END
mv www/device.json.new www/device.json
`
}
