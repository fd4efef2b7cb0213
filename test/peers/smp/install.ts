import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Clients of other people: one written in Python, one in Rust. */
const CLIENTS = ['smpclient[serial]==7.3.0', 'mcumgr-toolkit==0.20.0']
/**
 * Its source package carries servers for its own tests: Zephyr 4.4 as programs of this machine, and with MCUboot for
 * emulated boards (github.com/intercreate/smp-server-fixtures).
 */
const SERVERS = { package: 'smpclient==7.3.0', file: 'smpclient-7.3.0.tar.gz' }
const SERVERS_SHA256 = '86aa4bc1c621805d97f449793a4077f049aa88a98a1e916bf59423d072bd2a3b'
const FOLDER = 'smpclient-7.3.0/tests/fixtures/smp-server'

const HOME = join(tmpdir(), 'slipway-smp-peers-7.3.0')

/** Does what needs the network, once for all who come later. */
function once(name: string, make: (dir: string) => void): string {
  const dir = join(HOME, name)
  if (existsSync(join(dir, 'ready'))) return dir
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  make(dir)
  mkdirSync(join(dir, 'ready'))
  return dir
}

const quietly = (program: string, args: readonly string[]) => execFileSync(program, [...args], { stdio: 'pipe' })

/** The Python of an environment that has the clients. */
export function installClients(): string {
  const dir = once('clients', (home) => {
    quietly('python3', ['-m', 'venv', home])
    quietly(join(home, 'bin', 'pip'), ['install', '--quiet', ...CLIENTS])
  })
  return join(dir, 'bin', 'python')
}

/** Where the servers lie. */
export function installServers(): string {
  const dir = once('servers', (home) => {
    quietly('python3', ['-m', 'venv', join(home, 'venv')])
    const args = ['download', '--quiet', '--no-deps', '--no-binary', 'smpclient', '--dest', home, SERVERS.package]
    quietly(join(home, 'venv', 'bin', 'pip'), args)
    const file = join(home, SERVERS.file)
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    if (hash !== SERVERS_SHA256) throw new Error(`${SERVERS.file} is another file: ${hash}`)
    quietly('tar', ['-xzf', file, '-C', home, FOLDER])
  })
  return join(dir, FOLDER)
}
