import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { Device } from '../../electron/host/device/driver.ts'
import { ymodemDriver } from '../../electron/host/device/drivers/ymodem/driver.ts'
import { openUdpServer } from '../../electron/host/link/udp-server.ts'
import { serveFile } from '../../electron/host/protocol/tftp/serve.ts'
import { AppError } from '../../shared/errors.ts'
import { Profile } from '../../shared/model/profile.ts'
import { clock, never, watched } from '../fixtures/devices/bench.ts'
import { cannotRun } from '../fixtures/needs.ts'
import { type Cable, openCable } from './uboot/cable.ts'
import { needsUBoot } from './uboot/machine.ts'
import { isBack, pumpImage, startPump } from './uboot/pump.ts'
import { makeApp } from './uboot/pump-app.ts'

/** U-Boot's own TFTP client, over its own network stack, at our server. */
const FILE = 'f00d'.repeat(4)
/** The device has an address of its own on the loopback network: the console tells it from others by that. */
const DEVICE = '127.0.0.2'

const driver = ymodemDriver({
  network: {
    // Port 69 is kept for administrators here: the cable leads there.
    open: async (peer, port, signal) => {
      const server = await openUdpServer(peer, port === 69 ? 0 : port, signal)
      asked.push(peer)
      if (cable) cable.port69 = server.port
      return server
    },
    fileName: () => FILE,
  },
})
const asked: string[] = []
let cable: Cable | null = null

const TFTP = {
  protocol: 'tftp',
  send: 'setenv serverip {server}; tftpboot {address} {file}',
  address: '0x41000000',
  within: '6s',
  tftp: {
    prepare: [{ send: `setenv ipaddr ${DEVICE}; setenv netmask 255.0.0.0; setenv netretry no` }],
    device: { send: 'printenv ipaddr', match: 'ipaddr=(\\S+)' },
  },
}

async function start(change: object = {}) {
  const mine = await openCable()
  cable = mine
  onTestFinished(() => mine.close())
  return { ...(await startPump(driver, { load: { ...TFTP, ...change } } as object, mine.qemu)), cable: mine }
}

test('curl is served what it names, and nothing else', async (context) => {
  const run = promisify(execFile)
  const hasTftp = await run('curl', ['-V']).then(
    ({ stdout }) => /\btftp\b/.test(stdout),
    () => false,
  )
  if (!hasTftp) cannotRun(context, 'no curl with TFTP (apt install curl)')
  const server = await openUdpServer('127.0.0.1', 0, never)
  onTestFinished(() => server.close())
  const bytes = makeApp('2.5.0', 200_000)
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length)
  const file = {
    name: FILE,
    length: bytes.length,
    read,
    clock,
    patienceMs: 10_000,
    progress() {},
    between: async () => {},
  }
  const served = serveFile(server, file, never)
  const get = (name: string, ...more: string[]) =>
    run('curl', ['-s', ...more, `tftp://127.0.0.1:${server.port}/${name}`], { encoding: 'buffer', maxBuffer: 1e6 })
  // 68: not found (curl's own numbers).
  await expect(get('other')).rejects.toMatchObject({ code: 68 })
  expect((await get(FILE, '--tftp-blksize', '1024')).stdout.equals(Buffer.from(bytes))).toBe(true)
  await served
})

test('a whole update over the network, with blocks and answers lost and doubled', async (context) => {
  needsUBoot(context)
  const { machine, device, cable } = await start()
  const next = await pumpImage('2.5.0', 400_000)
  await driver.detach?.(device, never)
  const lost: string[] = []
  const spoil = new Map<string, number>([
    ['first answer', 0],
    ['block 7', 0],
    ['acknowledgement 20', 0],
    ['block 30', 2],
  ])
  cable.passing = (way, payload) => {
    const opcode = payload.readUInt16BE(0)
    const name =
      opcode === 6
        ? 'first answer'
        : way === 'to-device'
          ? `block ${payload.readUInt16BE(2)}`
          : opcode === 4
            ? `acknowledgement ${payload.readUInt16BE(2)}`
            : ''
    const copies = spoil.get(name)
    if (copies === undefined) return 1
    spoil.delete(name)
    lost.push(name)
    return copies
  }
  const options = watched()
  await driver.write(device, next, options, never)
  expect(asked).toEqual([DEVICE])
  expect(lost).toEqual(['first answer', 'block 7', 'acknowledgement 20', 'block 30'])
  expect(options.seen.at(-1)).toBe(next.length)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.5.0', 400_000)))).toBe(true)
  await driver.attach(device, [next], never)
  await isBack(driver, device)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.5.0' })
})

test('in pieces, each under the name of the moment; then one that is stopped, and nothing is stored', async (context) => {
  needsUBoot(context)
  const { machine, device } = await start({ piece: 64 * 1024 })
  await driver.detach?.(device, never)
  const next = await pumpImage('2.5.0', 150_000)
  await driver.write(device, next, watched(), never)
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.5.0', 150_000)))).toBe(true)
  const seen: number[] = []
  const stopped = {
    progress: (done: number) => void seen.push(done),
    between: async () => {
      if ((seen.at(-1) ?? 0) > 50_000) throw new AppError('condition.changed-while-writing')
    },
  }
  await expect(driver.write(device, await pumpImage('2.6.0', 150_000), stopped, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  expect((await driver.status(device, never)).mode).toBe('bootloader')
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.5.0', 150_000)))).toBe(true)
})

test('a cable that lets nothing through, and a file that is not the one served', async (context) => {
  needsUBoot(context)
  const { machine, device, cable } = await start({ within: '2s' })
  await driver.detach?.(device, never)
  cable.passing = (way) => (way === 'to-console' ? 0 : 1)
  await expect(driver.write(device, await pumpImage('2.5.0', 20_000), watched(), never)).rejects.toMatchObject({
    code: 'device.write-failed',
    detail: { reason: 'no-request' },
  })
  expect((await driver.status(device, never)).mode).toBe('bootloader')
  cable.passing = () => 1
  const binding = {
    ...device.binding,
    load: { ...TFTP, within: '6s', send: 'setenv serverip {server}; tftpboot {address} other.bin' },
  }
  const wrong = { ...device, binding: Profile.parse({ ...device.profile, drivers: [binding] }).drivers[0] } as Device
  await expect(driver.write(wrong, await pumpImage('2.5.0', 20_000), watched(), never)).rejects.toMatchObject({
    code: 'device.unexpected-answer',
    detail: { said: expect.stringContaining('File not found') },
  })
  expect(Buffer.from(machine.stored()).equals(Buffer.from(makeApp('2.4.0')))).toBe(true)
})
