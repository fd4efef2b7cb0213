import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { Doctor } from '../../electron/host/device/doctor/doctor.ts'
import { LineBook } from '../../electron/host/link/line-book.ts'
import type { ByteLink } from '../../electron/host/link/link.ts'
import { serialOpener } from '../../electron/host/link/serial.ts'
import type { SeenAddress } from '../../shared/contract/devices.ts'
import type { Finding } from '../../shared/contract/doctor.ts'
import { AppError } from '../../shared/errors.ts'
import { eventually } from '../fixtures/eventually.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

/** The doctor on this very machine: real pseudo-terminals, real programs, real sockets. */
const never = new AbortController().signal
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

async function pty(): Promise<{ readonly far: string; readonly near: string }> {
  const folder = tempDir()
  const [far, near] = [join(folder, 'far'), join(folder, 'near')]
  started('socat', [`pty,raw,echo=0,link=${far}`, `pty,raw,echo=0,link=${near}`])
  await eventually(async () => {
    await promisify(execFile)('test', ['-e', near])
    await promisify(execFile)('test', ['-e', far])
  })
  return { far, near }
}

function started(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' })
  cleanUps.push(() => child.kill('SIGKILL'))
  return child
}

function open(lines = new LineBook(), addresses: readonly SeenAddress[] = []) {
  const doctor = new Doctor({
    addresses: () => addresses,
    lines,
    serialPorts: async () => [],
    usbDevices: async () => 1,
    now: Date.now,
  })
  return async (address: string): Promise<Finding[]> => (await doctor.examine(address, never)).findings
}

const holdersIn = (findings: readonly Finding[]) =>
  findings.filter(({ code }) => code === 'port-held').map(({ detail }) => detail.program)

const silent = (address: string): SeenAddress => ({
  address,
  label: address,
  state: 'silent',
  device: null,
  reason: new AppError('device.no-answer').toData(),
})

test('a port that another program has open: which one, and its pid', async () => {
  const { near } = await pty()
  const examine = open()
  // (socat keeps its pseudo-terminals open itself.)
  expect(holdersIn(await examine(`serial:${near}`))).toEqual(['socat'])
  const cat = started('cat', [near])
  await eventually(async () => {
    const held = (await examine(`serial:${near}`)).find(({ detail }) => detail.program === 'cat')
    expect(held).toEqual({
      code: 'port-held',
      level: 'fault',
      detail: { path: near, program: 'cat', pid: String(cat.pid) },
    })
  })
})

test('a port that only this console has open is held by nobody', async () => {
  const { near } = await pty()
  const link = await serialOpener().open(`serial:${near}`, {}, never)
  cleanUps.push(() => link.close())
  expect(holdersIn(await open()(`serial:${near}`))).toEqual(['socat'])
})

test('what a real line says: nothing, garbage, somebody else’s log', async () => {
  const { near, far } = await pty()
  const address = `serial:${near}`
  const lines = new LineBook()
  const examine = open(lines, [silent(address)])
  const codes = async () => (await examine(address)).map(({ code }) => code)
  const opener = lines.counted(serialOpener())
  const hears = async (bytes: Uint8Array) => {
    const link = (await opener.open(address, { baud: 115_200 }, never)) as ByteLink
    await link.write(new TextEncoder().encode('\n'), never)
    if (bytes.length > 0) writeFileSync(far, bytes)
    for (let got = 0; got < bytes.length; ) got += (await link.read(never)).length
    await link.close()
  }
  await hears(new Uint8Array())
  expect(await codes()).toContain('nothing-heard')
  await hears(Uint8Array.from({ length: 64 }, (_, at) => [0x80, 0xfe, 0xe6, 0xf8][at % 4] ?? 0))
  const wrong = (await examine(address)).find(({ code }) => code === 'wrong-speed')
  expect(wrong?.detail).toEqual({ baud: 115_200, percent: 100 })
  await hears(new TextEncoder().encode('[12:01] GPS: fix lost, 4 satellites\r\n'))
  const other = (await examine(address)).find(({ code }) => code === 'other-talk')
  expect(other?.detail.said).toMatch(/fix lost, 4 satellites$/)
  expect(await codes()).not.toContain('wrong-speed')
})

test('an account that may not use a port is told so by the system itself', async () => {
  const folder = tempDir()
  chmodSync(folder, 0o755)
  const port = join(folder, 'ttyUSB0')
  writeFileSync(port, '')
  chmodSync(port, 0o660)
  // Root may everything: the same code is run by an account that may not, from a copy that this one can read.
  const code = join(folder, 'code')
  mkdirSync(code)
  for (const file of ['serial-port', 'holders', 'facts', 'system-files']) {
    const from = new URL(`../../electron/host/device/doctor/${file}.ts`, import.meta.url)
    copyFileSync(fileURLToPath(from), join(code, `${file}.ts`))
  }
  const script = `import { mayUse } from '${join(code, 'serial-port.ts')}'; console.log(JSON.stringify(await mayUse('${port}')))`
  const ask = async (uid?: number) => {
    const options = uid === undefined ? {} : { uid, gid: uid }
    const args = ['--no-warnings', '--input-type=module', '-e', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { ...options, cwd: folder, env: {} })
    return JSON.parse(stdout) as unknown
  }
  expect(await ask()).toEqual({ known: true, value: true })
  if (process.getuid?.() !== 0) chmodSync(port, 0)
  expect(await ask(process.getuid?.() === 0 ? 65_534 : undefined)).toEqual({ known: true, value: false })
})

test('the way to a device on the network: somebody listens, or nobody does, over TCP and UDP', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => server.close())
  const { port } = server.address() as { port: number }
  const address = `http://127.0.0.1:${port}`
  const examine = open(new LineBook(), [silent(address)])
  const codesAt = async (at: string) => (await examine(at)).map(({ code }) => code)
  expect(await codesAt(address)).toContain('port-open')
  await new Promise<void>((resolve) => server.close(() => resolve()))
  expect(await codesAt(address)).toContain('nothing-listens')
  const udp = createSocket('udp4')
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
  const free = udp.address().port
  await new Promise<void>((resolve) => udp.close(() => resolve()))
  expect(await codesAt(`udp://127.0.0.1:${free}`)).toContain('nothing-listens')
  expect(await codesAt('http://no-such-machine.invalid:80')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(?:name-unknown|cannot-tell|no-network)$/)]),
  )
})
