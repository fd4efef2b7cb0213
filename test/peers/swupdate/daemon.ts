import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { imageBody } from '../../../electron/sim/artifacts/demo.ts'
import { makeSwu, type SwuOptions } from '../../../electron/sim/artifacts/swu-maker.ts'
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
    change?: Partial<SwuOptions> & { readonly size?: number; readonly unsigned?: boolean },
  ): Promise<Uint8Array>
  log(): string
  close(): Promise<void>
}

export interface DaemonOptions {
  readonly version?: string
  readonly serial?: string
  readonly login?: boolean
  /** Names in the certificate, for a daemon that is reached by TLS alone. */
  readonly tls?: readonly string[]
  /** More options for the daemon, such as `-N 2.0.0`. */
  readonly args?: readonly string[]
}

const HARDWARE = '1.2'
const SLOT_SIZE = 4 * 1024 * 1024

/** Under CI the daemon must be there; elsewhere the test says what is missing. */
export function needsSwupdate(context: TestContext): void {
  const missing = ['swupdate', 'openssl'].filter((name) => spawnSync(name, ['--help']).error !== undefined)
  if (missing.length === 0) return
  expect(process.env.CI, `not installed: ${missing.join(', ')}`).toBeUndefined()
  context.skip(`not installed: ${missing.join(', ')} (apt install swupdate openssl)`)
}

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
  writeFileSync(path('post.sh'), postUpdate(dir, serial))
  chmodSync(path('post.sh'), 0o755)
  spawnSync(path('post.sh'), ['start'])
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
  const output: Buffer[] = []
  const daemon = spawn(
    'swupdate',
    ['-f', path('swupdate.cfg'), '-H', `board-a:${HARDWARE}`, '-p', path('post.sh'), ...args, '-w', web],
    // A process group of its own: the daemon forks children, and all of them must end.
    { env: { ...process.env, TMPDIR: path('tmp') }, stdio: ['ignore', 'pipe', 'pipe'], detached: true, cwd: dir },
  )
  for (const stream of [daemon.stdout, daemon.stderr]) stream.on('data', (part: Buffer) => output.push(part))
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()))
  const log = () => Buffer.concat(output).toString('utf8')
  const close = async () => {
    if (daemon.pid !== undefined && daemon.exitCode === null) process.kill(-daemon.pid, 'SIGKILL')
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
  const address = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  try {
    await expect.poll(() => answers(port), { timeout: 10_000 }).toBe(true)
  } catch {
    await close()
    expect.unreachable(`swupdate did not start:\n${log()}`)
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
    package: (next, { size = 200_000, unsigned = false, ...change } = {}) =>
      makeSwu({
        version: next,
        hardware: [HARDWARE],
        images: [{ name: 'rootfs.img', bytes: imageBody({ type: 'acme-winch', version: next, size }), device: slot }],
        ...(!unsigned && { sign: (description: Uint8Array) => signer.sign(description) }),
        ...change,
      }),
    log,
    close,
  }
}

/**
 * SWUpdate runs this after each success and at `POST /restart`. The first run after a success only notes it; the
 * next one is the restart: the application tells what is in the slot from then on.
 */
function postUpdate(dir: string, serial: string): string {
  return `#!/bin/sh
cd "${dir}" || exit 1
if [ "$1" != start ] && [ ! -f installed ]; then touch installed; exit 0; fi
rm -f installed
read -r type version selftest < slot.img
cat > www/device.json.new <<END
{ "type": "acme-winch", "serial": "${serial}", "hardware": "${HARDWARE}", "version": "$version",
  "signals": { "brake": "set", "tension_kg": 400, "battery": 96, "selftest": "\${selftest#selftest=}" } }
END
mv www/device.json.new www/device.json
`
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
