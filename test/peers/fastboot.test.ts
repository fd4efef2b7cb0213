import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
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
