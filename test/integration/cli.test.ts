import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostAddress } from '../../shared/host-address.ts'
import { PASSPHRASE } from '../fixtures/fake-host/compose-fake.ts'
import { HostProcesses } from '../fixtures/fake-host/process.ts'

const CLI = fileURLToPath(new URL('../fixtures/fake-host/cli.ts', import.meta.url))
const processes = new HostProcesses()
const started: number[] = []
let dataDir: string
beforeEach(() => {
  dataDir = processes.folder()
})
afterEach(async () => {
  for (const pid of started.splice(0)) process.kill(pid, 'SIGKILL')
  await processes.cleanUp()
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function slipway(args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, SLIPWAY_DATA_DIR: dataDir }
    const child = execFile(process.execPath, [CLI, ...args], { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    )
    child.stdin?.end(input)
  })
}

const hostFile = () => HostAddress.parse(JSON.parse(readFileSync(join(dataDir, 'run', 'host.json'), 'utf8')))
/** Remembers a host that a command left behind, so that it does not outlive the test. */
const leftBehind = (): HostAddress => {
  const address = hostFile()
  started.push(address.pid)
  return address
}

describe('the command line', () => {
  it('talks to the host that runs', async () => {
    const { child } = await processes.start(dataDir)
    const { code, out } = await slipway(['app', 'info', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ dataDir })
    expect(hostFile().pid).toBe(child.pid)
  })

  it('starts a host where none runs, leaves it running, and finds it again', async () => {
    expect(await slipway(['status', '--no-start'])).toMatchObject({ code: 9, out: '' })
    expect(await slipway(['status'])).toMatchObject({ code: 0, err: '' })
    const { pid } = leftBehind()
    const again = await slipway(['people', 'sign-in', 'anna', '--json'], `${PASSPHRASE}\n`)
    expect(again).toMatchObject({ code: 0, err: '' })
    expect(hostFile().pid).toBe(pid)
    const state = JSON.parse((await slipway(['app', 'state', '--json'])).out) as { session: { operator: string } }
    expect(state.session.operator).toBe('anna')
  })

  it('shares one host between commands that start at the same moment', async () => {
    const all = await Promise.all([1, 2, 3].map(() => slipway(['app', 'info', '--json'])))
    leftBehind()
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual([1, 2, 3].map(() => ({ code: 0, err: '' })))
  })

  it('is not fooled by the file of a host that was killed', async () => {
    const { child, exited, address } = await processes.start(dataDir)
    child.kill('SIGKILL')
    await exited
    expect(await slipway(['app', 'info', '--no-start'])).toMatchObject({ code: 9 })
    // The same, with a process of somebody else, or nobody, under that number.
    writeFileSync(join(dataDir, 'run', 'host.json'), JSON.stringify({ ...address, pid: 2 ** 22 - 1 }))
    expect(await slipway(['app', 'info', '--no-start'])).toMatchObject({ code: 9 })
    writeFileSync(join(dataDir, 'run', 'host.json'), '{ "half a fi')
    expect(await slipway(['app', 'info', '--no-start'])).toMatchObject({ code: 9 })
    expect(await slipway(['app', 'info'])).toMatchObject({ code: 0 })
    leftBehind()
  })

  it('says with words and exit code what the host refused', async () => {
    await processes.start(dataDir)
    const wrong = await slipway(['people', 'sign-in', 'anna'], 'wrong\n')
    expect(wrong).toMatchObject({ code: 3, out: '' })
    expect(wrong.err).toContain('(E-PEOPLE-WRONG-PASSPHRASE)')
    expect(await slipway(['runs', 'start', 'p', 'd:1'])).toMatchObject({ code: 3 })
    await slipway(['people', 'sign-in', 'anna'], `${PASSPHRASE}\n`)
    expect(await slipway(['runs', 'start', 'too-late', 'd:1'])).toMatchObject({ code: 4 })
    const broken = await slipway(['runs', 'start', 'broken', 'd:1', '--json'])
    expect(broken.code).toBe(1)
    const { error } = JSON.parse(broken.err) as { error: { code: string; detail: { log: string } } }
    expect(error.code).toBe('internal')
    expect(readFileSync(join(dataDir, 'logs', 'host.log'), 'utf8')).toContain(error.detail.log)
    expect(await slipway(['runs', 'start', 'p', 'd:1'])).toMatchObject({ code: 0, out: 'Started: run-1\n' })
  })

  it('follows a watch line by line until Ctrl-C', async () => {
    await processes.start(dataDir)
    const child = spawn(process.execPath, [CLI, 'app', 'state', '--watch', '--json'], {
      env: { ...process.env, SLIPWAY_DATA_DIR: dataDir },
    })
    let out = ''
    for await (const chunk of child.stdout) {
      out += String(chunk)
      if (out.split('\n').length > 3) break
    }
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(130)
    const ticks = out
      .split('\n')
      .slice(0, 3)
      .map((line) => (JSON.parse(line) as { now: number }).now)
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b))
    expect(new Set(ticks).size).toBe(3)
  })

  it('keeps demo and real console apart', async () => {
    await processes.start(dataDir)
    const { out } = await slipway(['app', 'info', '--json', '--demo'])
    expect(JSON.parse(out)).toMatchObject({ mode: 'demo', dataDir: `${dataDir}-demo` })
    const file = join(`${dataDir}-demo`, 'run', 'host.json')
    started.push(HostAddress.parse(JSON.parse(readFileSync(file, 'utf8'))).pid)
    processes.alsoRemove(`${dataDir}-demo`)
  })

  it('says why a host does not start', async () => {
    // Somebody put a file where the folder should be.
    writeFileSync(join(dataDir, 'file'), '')
    const result = await slipway(['status', '--data-dir', join(dataDir, 'file')])
    expect(result).toMatchObject({ code: 11, out: '' })
    expect(result.err).toContain(join(dataDir, 'file'))
  })

  it('runs a host in the foreground until it is told to end', async () => {
    const child = spawn(process.execPath, [CLI, 'host', '--data-dir', dataDir])
    for await (const chunk of child.stdout) {
      if (String(chunk).includes('Slipway is running. Open http://127.0.0.1:')) break
    }
    expect((await slipway(['app', 'info', '--no-start'])).code).toBe(0)
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
    expect(await slipway(['app', 'info', '--no-start'])).toMatchObject({ code: 9 })
  })
})
