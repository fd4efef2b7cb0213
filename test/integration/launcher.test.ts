import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../build/launcher/build.ts'
import { bundles } from '../fixtures/built.ts'
import { eventually } from '../fixtures/eventually.ts'
import { connectTo } from '../fixtures/fake-host/process.ts'

let folder: string
const children: ChildProcess[] = []
beforeAll(async () => {
  await bundles()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-start-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly exited: Promise<number>
}

/** `npm start -- ...`, without npm. */
function start(args: readonly string[], env: Record<string, string | undefined> = {}): Started {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'build', 'start.mjs'), '--data-dir', join(folder, 'data'), ...args],
    {
      env: { ...process.env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, ...env },
    },
  )
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, output: () => output, exited: once(child, 'exit').then(([code]) => code as number) }
}

async function address({ output }: Started) {
  const [url, port, token = ''] = await eventually(() => {
    const found = /http:\/\/127\.0\.0\.1:(\d+)\/#([\w-]+)/.exec(output())
    if (!found) throw new Error(`no address yet: ${output()}`)
    return found
  })
  return { url, port: Number(port), token }
}

describe('npm start', () => {
  it('prints the address where there is no display, stays up, and ends in order on Ctrl-C', async () => {
    const started = start([])
    const { port, token } = await address(started)
    expect(started.output()).toContain('There is no display here.')
    const { client } = await connectTo({ port, token })
    await expect(client.app.info(null)).resolves.toMatchObject({ dataDir: join(folder, 'data') })
    expect(existsSync(join(folder, 'data', 'run', 'host.json'))).toBe(true)
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700)
    started.child.kill('SIGINT')
    expect(await started.exited).toBe(0)
    expect(existsSync(join(folder, 'data', 'run', 'host.json'))).toBe(false)
  })

  it('shows a window, and ends when that is closed', async () => {
    // A browser that loads the page it is led to, and is closed at once.
    const browser = join(folder, 'browser.mjs')
    const seen = join(folder, 'seen')
    writeFileSync(
      browser,
      `#!${process.execPath}
import { readFileSync, writeFileSync } from 'node:fs'
const door = process.argv.find((arg) => arg.startsWith('--app=')).slice('--app='.length)
const url = JSON.parse(/replace\\((".*")\\)/.exec(readFileSync(new URL(door), 'utf8'))[1])
const page = await fetch(url)
writeFileSync(${JSON.stringify(seen)}, page.status + ' ' + (await page.text()))
`,
      { mode: 0o755 },
    )
    const started = start(['--browser'], { DISPLAY: ':99', CHROME_PATH: browser })
    expect({ code: await started.exited, output: started.output() }).toMatchObject({ code: 0 })
    expect(readFileSync(seen, 'utf8')).toMatch(/^200 <!doctype html>[\s\S]*<title>Slipway<\/title>/)
    expect(existsSync(join(folder, 'data', 'run', 'host.json'))).toBe(false)
  })

  it('opens a second window on the host that runs, and leaves that running', async () => {
    const first = start([])
    const { port, token } = await address(first)
    const second = start(['--browser'], { DISPLAY: ':99', CHROME_PATH: '/bin/true' })
    expect(await second.exited).toBe(0)
    expect(second.output()).toContain(`http://127.0.0.1:${port}/#${token}`)
    await expect(connectTo({ port, token })).resolves.toBeDefined()
  })

  it('keeps the demo in a folder of its own', async () => {
    const started = start(['--demo', '--headless'])
    const { client } = await connectTo(await address(started))
    await expect(client.app.info(null)).resolves.toMatchObject({ mode: 'demo', dataDir: join(folder, 'data-demo') })
  })

  it('says in words why there is no host', async () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be')
    const started = start([])
    expect(await started.exited).toBe(1)
    expect(started.output()).toContain('(E-FILE-UNREADABLE)')
  })

  it('says what is wrong with its arguments', async () => {
    const started = start(['--nonsense'])
    expect(await started.exited).toBe(2)
    expect(started.output()).toContain('npm start [-- options]')
  })
})

describe('npx slipway', () => {
  it('runs the built command line', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'build', 'slipway.mjs'), 'app', 'info', '--json', '--no-start'], {
      env: { ...process.env, SLIPWAY_DATA_DIR: join(folder, 'data') },
    })
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const [code] = (await once(child, 'exit')) as [number]
    expect(existsSync(join(folder, 'data'))).toBe(false)
    expect({ code, err: JSON.parse(err) as unknown }).toEqual({
      code: 9,
      err: { error: { code: 'host.unavailable', retry: 'now', detail: {} } },
    })
  })
})

describe('npm run bench', () => {
  it('lists what there is to measure', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'build', 'bench.mjs'), '../../etc/passwd'])
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(2)
    expect(err).toMatch(/^Say which: .*startup/)
  })
})
