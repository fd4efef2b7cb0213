import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'

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

/** Does what needs the network, once for all tests. Skips the test where that cannot be, and fails it under CI. */
function once(context: TestContext, name: string, make: (dir: string) => void): string {
  const dir = join(HOME, name)
  try {
    if (!existsSync(join(dir, 'ready'))) {
      rmSync(dir, { recursive: true, force: true })
      mkdirSync(dir, { recursive: true })
      make(dir)
      mkdirSync(join(dir, 'ready'))
    }
  } catch (error) {
    expect(process.env.CI, `no ${name} of SMP: ${String(error)}`).toBeUndefined()
    context.skip(`no ${name} of SMP (pip)`)
  }
  return dir
}

const quietly = (program: string, args: readonly string[]) => execFileSync(program, [...args], { stdio: 'pipe' })

/** A Python that has the clients, in an environment of its own that stays for the next time. */
export function smpClients(context: TestContext): string {
  const dir = once(context, 'clients', (home) => {
    quietly('python3', ['-m', 'venv', home])
    quietly(join(home, 'bin', 'pip'), ['install', '--quiet', ...CLIENTS])
  })
  return join(dir, 'bin', 'python')
}

/** Where the servers lie. */
export function smpServers(context: TestContext): string {
  const dir = once(context, 'servers', (home) => {
    quietly('python3', ['-m', 'venv', join(home, 'venv')])
    const args = ['download', '--quiet', '--no-deps', '--no-binary', 'smpclient', '--dest', home, SERVERS.package]
    quietly(join(home, 'venv', 'bin', 'pip'), args)
    const file = join(home, SERVERS.file)
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(SERVERS_SHA256)
    quietly('tar', ['-xzf', file, '-C', home, FOLDER])
  })
  return join(dir, FOLDER)
}

/** The one file of a build, by what its name ends with. */
export function serverFile(servers: string, end: string): string {
  const [name, ...more] = readdirSync(servers).filter((file) => file.endsWith(`_${end}`))
  if (!name || more.length > 0) throw new Error(`not one server is called ${end}`)
  return join(servers, name)
}
