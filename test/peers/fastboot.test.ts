import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import { sparsePieces } from '../../electron/host/protocol/fastboot/sparse.ts'
import { FASTBOOT_DEVICE, FastbootDevice, makePlotter } from '../../electron/sim/fastboot/device.ts'
import { FastbootUdp } from '../../electron/sim/fastboot/udp-server.ts'
import { never, watched } from '../fixtures/devices/bench.ts'
import { fastboot, fastbootScene, isIn, plotterImage } from '../fixtures/devices/fastboot-bench.ts'
import { needsAll } from '../fixtures/needs.ts'
import { tempDir } from '../fixtures/temp-dir.ts'

/** Android's own client as the judge of our simulated device: what it accepts, our driver may be measured by. */
const run = promisify(execFile)

const needsFastboot = (context: TestContext) => needsAll(context, ['fastboot'], 'apt install fastboot')

const client = async (port: number, ...args: readonly string[]) => {
  const { stderr } = await run('fastboot', ['-s', `udp:127.0.0.1:${port}`, ...args], { timeout: 20_000 })
  return stderr
}

async function plotter(slots = false) {
  const sim = new FastbootDevice({ ...FASTBOOT_DEVICE, serial: 'PL-3', image: makePlotter('1.0.0'), slots })
  const server = await FastbootUdp.listen(sim)
  onTestFinished(() => server.close())
  sim.mode = 'bootloader'
  return { sim, port: server.port }
}

test('variables, an image, a restart: as the client of Android does it', async (context) => {
  needsFastboot(context)
  const { sim, port } = await plotter()
  expect(await client(port, 'getvar', 'serialno')).toContain('serialno: PL-3')
  expect(await client(port, 'getvar', 'max-download-size')).toContain('0x100000')
  const file = join(tempDir(), 'system.bin')
  const image = makePlotter('1.1.0', 200_001)
  writeFileSync(file, image)
  expect(await client(port, 'flash', 'system', file)).toMatch(/Writing 'system'\s+OKAY/)
  expect(Buffer.from(sim.partitions.get('system') ?? []).equals(Buffer.from(image))).toBe(true)
  await client(port, 'reboot')
  await expect.poll(() => [sim.mode, sim.version]).toEqual(['application', '1.1.0'])
})

test('an image that is larger than the device’s memory: Android’s client takes it apart as we do', async (context) => {
  needsFastboot(context)
  const { sim, port } = await plotter()
  const file = join(tempDir(), 'system.bin')
  // Whole blocks: it cannot take anything else apart.
  const image = makePlotter('1.1.0', 611 * 4096)
  writeFileSync(file, image)
  expect(await client(port, 'flash', 'system', file)).toMatch(/Sending sparse 'system' 1\/3/)
  const held = Buffer.from(sim.partitions.get('system') ?? [])
  expect(held.subarray(0, image.length).equals(Buffer.from(image))).toBe(true)
})

test.for([
  { length: 200_001, most: 50_000 },
  { length: 1_000_000, most: 4096 + 64 },
  { length: 4096 * 7, most: 4096 * 3 + 64 },
])(
  '$length bytes in pieces of at most $most: Android’s own tool puts them together again',
  async ({ length, most }, context) => {
    needsAll(context, ['simg2img'], 'apt install android-sdk-libsparse-utils')
    const image = makePlotter('1.1.0', length)
    const dir = tempDir()
    const pieces = sparsePieces(length, most) ?? []
    const files = await Promise.all(
      pieces.map(async (piece, index) => {
        const read = piece.read(async (offset, size) => image.subarray(offset, offset + size))
        const chunks: Uint8Array[] = []
        for (let at = 0; at < piece.length; at += chunks.at(-1)?.length ?? piece.length)
          chunks.push(await read(at, 60_000))
        const bytes = Buffer.concat(chunks)
        expect(bytes.length).toBe(piece.length)
        expect(bytes.length).toBeLessThanOrEqual(most)
        const file = join(dir, `piece-${index}`)
        writeFileSync(file, bytes)
        return file
      }),
    )
    const whole = join(dir, 'whole')
    await run('simg2img', [...files, whole])
    const held = readFileSync(whole)
    expect(held.length).toBe(Math.ceil(length / 4096) * 4096)
    expect(held.subarray(0, length).equals(Buffer.from(image))).toBe(true)
  },
)

test('the other slot is made the active one', async (context) => {
  needsFastboot(context)
  const { sim, port } = await plotter(true)
  expect(await client(port, 'set_active', 'b')).toMatch(/OKAY/)
  expect([sim.slot, sim.successful]).toEqual(['b', { a: true, b: false }])
})

test('what the device refuses, in its words', async (context) => {
  needsFastboot(context)
  const { sim, port } = await plotter()
  sim.faults.refuse = 'write failure'
  const file = join(tempDir(), 'system.bin')
  writeFileSync(file, makePlotter('1.1.0', 5000))
  await expect(client(port, 'flash', 'system', file)).rejects.toMatchObject({
    stderr: expect.stringContaining('write failure'),
  })
})

test('client and console say the same to the device', async (context) => {
  needsFastboot(context)
  const theirs = await plotter()
  const file = join(tempDir(), 'system.bin')
  writeFileSync(file, makePlotter('1.1.0', 60_000))
  await client(theirs.port, 'flash', 'system', file)
  await client(theirs.port, 'reboot')
  const ours = await fastbootScene()
  ours.sim.mode = 'bootloader'
  await fastboot.write(ours.device, await plotterImage('1.1.0', 60_000), watched(), never)
  await fastboot.attach(ours.device, [], never)
  await isIn(ours.device, 'application')
  const orders = ({ commands }: FastbootDevice) => commands.filter((command) => !command.startsWith('getvar'))
  expect(orders(ours.sim)).toEqual(orders(theirs.sim))
  expect(orders(ours.sim)).toEqual(['download:0000ea60', 'flash:system', 'reboot'])
})
