import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Device } from '../../../electron/host/device/driver.ts'
import { fastbootDriver } from '../../../electron/host/device/drivers/fastboot/driver.ts'
import { TRACE_FORMAT } from '../../../electron/host/link/trace/format.ts'
import { tapLink } from '../../../electron/host/link/trace/tap.ts'
import { TraceWriter } from '../../../electron/host/link/trace/writer.ts'
import { udpOpener } from '../../../electron/host/link/udp.ts'
import { makePlotter } from '../../../electron/sim/fastboot/device.ts'
import { PLOTTER_PROFILE } from '../../../electron/sim/machines/plotter.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { clock, imageOf, never } from '../../fixtures/devices/bench.ts'
import { storeTrace } from '../../fixtures/replay/stored.ts'
import { openCable } from './cable.ts'

/**
 * Writes down how our driver and U-Boot's own fastboot talk: `npx node test/peers/uboot/make-fastboot-trace.ts U-BOOT.BIN`.
 * Debian builds none that has it; README.md here says how to make one.
 */
const DEVICE = '127.0.0.2'
const MIB = 1024 * 1024
const SIZE = 12_000
/** Far more than goes in the time between two looks. */
const STOPPED_SIZE = 8_000_000
const quietly = { progress() {}, between: async () => {} }

async function until(what: string, look: () => boolean): Promise<void> {
  for (let left = 200; !look(); left -= 1) {
    if (left === 0) throw new Error(`waited in vain: ${what}`)
    await wait(100)
  }
}

async function main(uboot: string, dir: string, undo: (() => unknown)[]): Promise<void> {
  const cable = await openCable()
  undo.push(() => cable.close())
  await cable.reach(DEVICE, 5554)
  const medium = join(dir, 'mmc.img')
  ftruncateSync(openSync(medium, 'w'), 16 * MIB)
  const socket = join(dir, 'serial.sock')
  const machine = [
    '-M',
    'virt',
    '-cpu',
    'cortex-a57',
    '-m',
    '256',
    '-bios',
    uboot,
    '-nographic',
    '-monitor',
    'none',
    '-nodefaults',
  ]
  const card = [
    '-device',
    'sdhci-pci',
    '-drive',
    `if=none,id=mmc0,format=raw,file=${medium}`,
    '-device',
    'sd-card,drive=mmc0',
  ]
  const serial = ['-serial', `unix:${socket},server=on,wait=on`]
  const qemu = spawn('qemu-system-aarch64', [...machine, ...cable.qemu, ...card, ...serial], { stdio: 'ignore' })
  undo.push(() => qemu.kill('SIGKILL'))
  await until('QEMU', () => existsSync(socket))
  const line = connect(socket)
  undo.push(() => line.destroy())
  await once(line, 'connect')
  let said = ''
  line.on('data', (bytes) => {
    said += bytes.toString('latin1')
  })
  const type = async (text: string, wanted: string) => {
    said = ''
    line.write(text)
    await until(wanted, () => said.includes(wanted))
  }
  await until('U-Boot', () => said.includes('stop autoboot'))
  await type(' ', '=> ')
  const ids = ['1', '2'].map((end) => `00000000-0000-4000-8000-00000000000${end}`)
  await type(`gpt write mmc 0 'uuid_disk=${ids[0]};name=system,start=1MiB,size=4MiB,uuid=${ids[1]}'\r`, 'success!')
  const network = `setenv ipaddr ${DEVICE}; setenv netmask 255.0.0.0`
  await type(`${network}; setenv serial# PL-3; setenv board acme-plotter; fastboot udp\r`, 'Listening for fastboot')

  const profile = Profile.parse(PLOTTER_PROFILE)
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  const lines: string[] = []
  const writer = new TraceWriter({
    header: {
      format: TRACE_FORMAT,
      address: 'udp://plotter:5554',
      kind: 'udp',
      driver: 'fastboot',
      device: null,
      startedAt: new Date().toISOString(),
      profile,
    },
    now: () => performance.now(),
    write: (text) => lines.push(text),
    secrets: [],
  })
  const opened = await udpOpener().open(`udp://${DEVICE}:5554`, {}, never)
  undo.push(() => opened.close())
  const driver = fastbootDriver()
  const image = await imageOf(makePlotter('1.1.0', SIZE), 'raw', { version: '1.1.0' })
  const device: Device = { link: tapLink(opened, () => writer), profile, binding, clock, credential: null }
  const act = async (name: string, work: () => Promise<unknown>) => {
    console.log(name, (await work()) ?? 'done')
    writer.note({ is: 'note', text: name })
  }
  await act('identify', () => driver.identify(device, never))
  await act('status', () => driver.status(device, never))
  await act('write', () => driver.write(device, image, quietly, never))
  const at = readFileSync(medium).indexOf(Buffer.from(makePlotter('1.1.0', SIZE)))
  if (at !== MIB) throw new Error(`on the medium at ${at}`)

  // Not written down: a bad network, a stop in the middle, and a partition that is not there.
  const untold = { ...device, link: opened }
  let packets = 0
  cable.passing = () => {
    packets += 1
    return packets % 9 === 4 ? 0 : packets % 5 === 0 ? 2 : 1
  }
  const stopping = {
    progress() {},
    between: async () => {
      if (packets > 500) throw new AppError('condition.changed-while-writing')
    },
  }
  const large = await imageOf(makePlotter('1.2.0', 4 * MIB), 'raw', { version: '1.2.0' })
  await refused('condition.changed-while-writing', () => driver.write(untold, large, stopping, never))
  cable.passing = () => 1
  const nowhere = { ...binding, partitions: { app: 'nowhere' } } as typeof binding
  await refused('device.refused', () => driver.write({ ...untold, binding: nowhere }, image, quietly, never))
  await refused('device.incompatible', async () =>
    driver.write(
      untold,
      await imageOf(makePlotter('1.3.0', STOPPED_SIZE), 'raw', { version: '1.3.0' }),
      quietly,
      never,
    ),
  )
  console.log('identify again', await driver.identify(untold, never))
  said = ''
  await driver.attach(untold, [], never)
  await until('a restart', () => said.includes('U-Boot 20'))
  writer.end('stopped')
  await storeTrace('fastboot', lines.join(''), image)
}

async function refused(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isAppError(error) || error.code !== code) throw error
    console.log('refused', error.message)
    return
  }
  throw new Error(`${code} was expected`)
}

const dir = await mkdtemp(join(tmpdir(), 'fastboot-'))
const undo: (() => unknown)[] = []
try {
  await main(process.argv[2] ?? '', dir, undo)
} finally {
  for (const one of undo.toReversed()) await one()
  await rm(dir, { recursive: true, force: true })
}
