import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Device, Image } from '../../../electron/host/device/driver.ts'
import { ymodemDriver } from '../../../electron/host/device/drivers/ymodem/driver.ts'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { udpOpener } from '../../../electron/host/link/udp.ts'
import { openUdpServer } from '../../../electron/host/link/udp-server.ts'
import { SEND_PATIENCE } from '../../../electron/host/protocol/ymodem/sender.ts'
import { type BootFaults, BootSim, makePump } from '../../../electron/sim/boot/boot-sim.ts'
import { fetchByTftp } from '../../../electron/sim/boot/tftp-client.ts'
import { PUMP_PROFILE } from '../../../electron/sim/machines/pump.ts'
import { AppError } from '../../../shared/errors.ts'
import { Profile, type ProfileInput } from '../../../shared/model/profile.ts'
import { clock, imageOf, never, watched } from '../../fixtures/devices/bench.ts'

/** Waits short enough for tests; the simulated device counts down in 120 ms. */
const FAST = {
  answer: 500,
  wake: 150,
  quiet: 150,
  chatter: 20,
  listen: 600,
  look: 60,
  hush: 400,
  goDown: 300,
  key: 10,
  after: 600,
  send: { ...SEND_PATIENCE, start: 800, reply: 250, go: 20, eot: 250, next: 200, settle: 5 },
}

const sims: BootSim[] = []
afterEach(() => {
  for (const sim of sims.splice(0)) sim.switchOff()
})

interface Bench {
  readonly sim: BootSim
  readonly device: Device
  readonly driver: ReturnType<typeof ymodemDriver>
}

function bench(faults: Partial<BootFaults> = {}, change: Partial<ProfileInput['drivers'][0]> = {}): Bench {
  const [link, far] = memoryBytePair('sim:pump')
  const sim = new BootSim(far, { serial: 'P-7', image: makePump('2.4.0'), faults })
  sims.push(sim)
  void sim.run()
  const [first] = PUMP_PROFILE.drivers
  const profile = Profile.parse({ ...PUMP_PROFILE, drivers: [{ ...first, ...change }] })
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  return { sim, device: { link, profile, binding, clock, credential: null }, driver: ymodemDriver({ timing: FAST }) }
}

const image = (version = '2.5.0', size = 70_000): Promise<Image> => imageOf(makePump(version, size), 'raw', { version })

const identity = { type: 'acme-pump', serial: 'P-7', hardware: '1.2' }

test('a whole update: identified, stopped in its boot loader, loaded, checked, stored, started, read back', async () => {
  const { sim, device, driver } = bench()
  expect(await driver.identify(device, never)).toEqual(identity)
  expect(await driver.status(device, never)).toEqual({ mode: 'application', versions: { app: '2.4.0' }, slots: [] })
  await driver.detach?.(device, never)
  expect(await driver.identify(device, never)).toEqual(identity)
  expect(await driver.status(device, never)).toEqual({ mode: 'bootloader', versions: { app: null }, slots: [] })
  const next = await image()
  const options = watched()
  expect(await driver.write(device, next, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(next.length)
  expect(options.seen.length).toBeGreaterThan(50)
  // Stored, and not yet running: that is for the restart to prove.
  expect((await driver.status(device, never)).versions).toEqual({ app: null })
  await driver.attach(device, [next], never)
  await expect.poll(() => driver.identify(device, never).catch(() => null)).toEqual(identity)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.5.0' })
  expect(Buffer.from(sim.image).equals(Buffer.from(makePump('2.5.0', 70_000)))).toBe(true)
  expect(sim.commands.filter((command) => command.startsWith('loady'))).toEqual([
    'loady 0x41000000',
    'loady 0x41008000',
    'loady 0x41010000',
  ])
  expect(sim.restarts).toBe(2)
})

test('signals are read from whoever has the console, and a start that was watched tells its banner', async () => {
  const { sim, device, driver } = bench()
  const [hatch, selfTest, banner] = device.profile.signals.map(({ source }) => source)
  if (!hatch || !selfTest || !banner) throw new Error('signals')
  expect(await driver.read(device, hatch, never)).toBe('closed')
  expect(await driver.read(device, selfTest, never)).toBe('pass')
  await expect(driver.read(device, banner, never)).rejects.toMatchObject({ code: 'reading.missing' })
  await driver.detach?.(device, never)
  sim.hatchOpen = true
  expect(await driver.read(device, hatch, never)).toBe('00000001')
  await expect(driver.read(device, selfTest, never)).rejects.toMatchObject({
    code: 'reading.unreadable',
    detail: { reason: 'not-supported' },
  })
  expect(await driver.read(device, banner, never)).toBe('2023.01')
})

test('conditions are watched between the pieces, and what they stop leaves the old version to be started', async () => {
  const { sim, device, driver } = bench()
  const [hatch] = device.profile.signals
  await driver.detach?.(device, never)
  let looks = 0
  const between = async () => {
    looks += 1
    const said = hatch && (await driver.read(device, hatch.source, never))
    if (said === '00000001') throw new AppError('condition.changed-while-writing')
    if (looks === 2) sim.hatchOpen = true
  }
  await expect(driver.write(device, await image(), watched(between), never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
  expect(looks).toBe(3)
  await driver.restore?.(device, [], never)
  await expect.poll(() => driver.identify(device, never).catch(() => null)).toEqual(identity)
  expect((await driver.status(device, never)).versions).toEqual({ app: '2.4.0' })
})

test('in one piece: a wish to stop is heard in the middle, and nobody is asked a question that the device cannot hear', async () => {
  const whole = { ...PUMP_PROFILE.drivers[0], load: { send: 'loady {address}', address: '0x41000000' } } as object
  const { device, driver } = bench({}, whole)
  const [hatch] = device.profile.signals
  await driver.detach?.(device, never)
  const next = await image('2.5.0', 500_000)
  const slow: Image = {
    ...next,
    read: async (offset, length) => {
      await wait(60)
      return next.read(offset, length)
    },
  }
  const said: unknown[] = []
  let looks = 0
  const between = async () => {
    looks += 1
    if (looks === 1) return
    said.push(
      await driver.read(device, hatch?.source ?? { from: 'console' }, never).catch((error: AppError) => error.code),
    )
    throw new AppError('cancelled')
  }
  await expect(driver.write(device, slow, watched(between), never)).rejects.toMatchObject({ code: 'cancelled' })
  expect(said).toEqual(['device.busy'])
  expect((await driver.status(device, never)).mode).toBe('bootloader')
})

const BROKEN: readonly { faults: Partial<BootFaults>; code: string; detail?: object; restore: string }[] = [
  { faults: { cancelAt: 40_000 }, code: 'device.cancelled', restore: 'restored' },
  { faults: { spoil: 'memory' }, code: 'device.image-corrupt', detail: { reason: 'crc32' }, restore: 'restored' },
  { faults: { refuseStore: true }, code: 'device.unexpected-answer', restore: 'device.not-restored' },
  { faults: { spoil: 'media' }, code: 'device.image-corrupt', restore: 'device.not-restored' },
]

test.for(BROKEN)(
  '$faults ends in $code, and then the device is $restore',
  async ({ faults, code, detail, restore }) => {
    const { sim, device, driver } = bench(faults)
    await driver.detach?.(device, never)
    await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
      code,
      ...(detail && { detail }),
    })
    expect(sim.mode).toBe('bootloader')
    expect(sim.restarts).toBe(1)
    const restored = await driver.restore?.(device, [], never).then(
      () => 'restored',
      (error: AppError) => error.code,
    )
    expect(restored).toBe(restore)
  },
)

test('a device that dies in the middle of a load is silent, not written', async () => {
  const { device, driver } = bench({ deadAt: 20_000 })
  await driver.detach?.(device, never)
  await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
    code: 'device.no-answer',
    detail: { reason: 'silent' },
  })
  await expect(driver.identify(device, never)).rejects.toMatchObject({ code: 'device.no-answer' })
})

test('a boot loader that cannot be stopped, and an application that does not restart', async () => {
  const stubborn = bench({ noStop: true })
  await expect(stubborn.driver.detach?.(stubborn.device, never)).rejects.toMatchObject({
    code: 'device.no-prompt',
    detail: { reason: 'boot-loader-not-caught' },
  })
  expect((await stubborn.driver.status(stubborn.device, never)).mode).toBe('application')
  const enter = { send: 'reboot', catch: { on: 'Hit any key' }, within: '1s' }
  const deaf = bench({ noRestart: true }, { enter })
  await expect(deaf.driver.detach?.(deaf.device, never)).rejects.toMatchObject({
    code: 'device.unexpected-answer',
    detail: { command: 'reboot' },
  })
})

test('a boot loader that does not say when it can be stopped is pressed until it stops', async () => {
  const { device, driver } = bench({}, { enter: { send: 'reboot', catch: { key: ' ' } } })
  await driver.detach?.(device, never)
  expect((await driver.status(device, never)).mode).toBe('bootloader')
})

test('an order to start that is not followed is told apart from one that is', async () => {
  const { device, driver } = bench({ noStart: true })
  await driver.detach?.(device, never)
  const next = await image()
  await driver.write(device, next, watched(), never)
  await expect(driver.attach(device, [next], never)).rejects.toMatchObject({
    code: 'device.unexpected-answer',
    detail: { command: 'reset' },
  })
})

test('nothing is typed at a device that is starting: the countdown runs to its end', async () => {
  const { sim, device, driver } = bench()
  await driver.detach?.(device, never)
  const next = await image('2.5.0', 3000)
  await driver.write(device, next, watched(), never)
  await driver.attach(device, [next], never)
  for (let looks = 0; looks < 5; looks += 1) await driver.identify(device, never).catch(() => null)
  expect(sim.mode).toBe('application')
})

test('a write is refused unless the boot loader has the console', async () => {
  const { device, driver } = bench()
  await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { reason: 'not-in-boot-loader' },
  })
})

test('an image in a boot loader that somebody else left it in is never started by a restore', async () => {
  const { device, driver } = bench()
  await driver.detach?.(device, never)
  // Another life of the console: it knows nothing of what was stored.
  const later = ymodemDriver({ timing: FAST })
  await expect(later.restore?.(device, [], never)).rejects.toMatchObject({
    code: 'device.not-restored',
    detail: { reason: 'unknown' },
  })
})

test('a transfer that an earlier life of the console left is broken off, and the boot loader found behind it', async () => {
  const { device, driver } = bench()
  await driver.detach?.(device, never)
  if (device.link.kind !== 'memory') throw new Error('a memory link')
  await device.link.write(Buffer.from('loady 0x41000000\r'), never)
  const later = ymodemDriver({ timing: FAST })
  expect(await later.identify(device, never)).toEqual(identity)
  expect((await later.status(device, never)).mode).toBe('bootloader')
})

test('an application that talks all the time is understood all the same', async () => {
  const { device, driver } = bench({ chatterMs: 40 })
  await wait(100)
  for (let asked = 0; asked < 3; asked += 1) {
    expect(await driver.identify(device, never).catch((error: AppError) => error.code)).toEqual(identity)
  }
})

test('a console that is none of ours, and one where nobody is', async () => {
  const [link, far] = memoryBytePair('sim:other')
  const { device, driver } = bench()
  const other = { ...device, link }
  await expect(driver.identify(other, never)).rejects.toMatchObject({ code: 'device.no-answer' })
  const talk = async () => {
    for (;;) {
      await far.read(never)
      await far.write(Buffer.from('login: '), never)
    }
  }
  void talk().catch(() => {})
  await expect(driver.identify(other, never)).rejects.toMatchObject({ code: 'device.no-prompt' })
  await link.close()
})

const speed = {
  send: 'loady {address} 921600',
  ready: 'Ready for binary',
  address: '0x41000000',
  speed: { baud: 921_600 },
}

/** A line whose speed counts: what one end says at another speed than the other's is noise. */
function fastBench(faults: Partial<BootFaults> = {}) {
  const [link, far] = memoryBytePair('sim:pump')
  const line = { baud: 115_200 }
  const sim = new BootSim(far, { serial: 'P-7', image: makePump('2.4.0'), faults, line })
  sims.push(sim)
  void sim.run()
  const profile = Profile.parse({ ...PUMP_PROFILE, drivers: [{ ...PUMP_PROFILE.drivers[0], load: speed }] })
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  const bauds: number[] = []
  const setBaud = async (baud: number) => {
    bauds.push(baud)
    line.baud = baud
  }
  const device: Device = { link: { ...link, setBaud }, profile, binding, clock, credential: null }
  return { sim, line, bauds, device, driver: ymodemDriver({ timing: FAST }) }
}

test('a transfer at another speed: both ends change, and are back for the next command', async () => {
  const { sim, bauds, device, driver } = fastBench()
  await driver.detach?.(device, never)
  await driver.write(device, await image(), watched(), never)
  expect(bauds).toEqual([921_600, 115_200])
  expect(sim.version).toBe('2.5.0')
})

test('a transfer at another speed that is broken off leaves a console that can be talked to', async () => {
  const { sim, bauds, device, driver } = fastBench({ cancelAt: 20_000 })
  await driver.detach?.(device, never)
  await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
    code: 'device.cancelled',
  })
  expect(bauds).toEqual([921_600, 115_200])
  expect((await driver.status(device, never)).mode).toBe('bootloader')
  await driver.write(device, await image(), watched(), never)
  expect(sim.version).toBe('2.5.0')
})

test('a line that has one speed only is not asked for another', async () => {
  const { driver, device } = bench({}, { load: speed })
  await driver.detach?.(device, never)
  await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
    code: 'link.unsupported',
  })
})

const tftp = {
  protocol: 'tftp',
  send: 'tftpboot {address} {file}',
  address: '0x41000000',
  within: '2s',
  tftp: {
    prepare: [{ send: 'setenv ipaddr 127.0.0.1' }, { send: 'setenv serverip 127.0.0.1' }],
    device: { send: 'printenv ipaddr', match: 'ipaddr=(\\S+)' },
    port: 0,
  },
}

function networkBench(change: object = {}, fetch?: (port: number, file: string) => Promise<Uint8Array>) {
  const opened: string[] = []
  let port = 0
  const network = {
    open: async (peer: string, wanted: number, signal: AbortSignal) => {
      const server = await openUdpServer(peer, wanted, signal)
      opened.push(peer)
      port = server.port
      return { ...server, close: () => server.close().then(() => void opened.push('closed')) }
    },
    fileName: () => `name${opened.length}`,
  }
  const byTftp = async (_: string, file: string) => {
    if (fetch) return fetch(port, file)
    const link = await udpOpener().open(`udp://127.0.0.1:${port}`, {}, never)
    if (link.kind !== 'udp') throw new Error('datagrams')
    try {
      return await fetchByTftp(link, file, 1468, never)
    } finally {
      await link.close()
    }
  }
  const [link, far] = memoryBytePair('sim:pump')
  const sim = new BootSim(far, { serial: 'P-7', image: makePump('2.4.0'), fetch: byTftp })
  sims.push(sim)
  void sim.run()
  const profile = Profile.parse({
    ...PUMP_PROFILE,
    drivers: [{ ...PUMP_PROFILE.drivers[0], load: { ...tftp, ...change } }],
  })
  const [binding] = profile.drivers
  if (!binding) throw new Error('a profile has drivers')
  const device: Device = { link, profile, binding, clock, credential: null }
  return { sim, opened, device, driver: ymodemDriver({ timing: FAST, network }) }
}

test('loaded over the network, whole and in pieces: one port for the device, closed when it is over', async () => {
  for (const piece of [{}, { piece: 32 * 1024 }]) {
    const { sim, opened, device, driver } = networkBench(piece)
    await driver.detach?.(device, never)
    const options = watched()
    await driver.write(device, await image(), options, never)
    expect(options.seen.at(-1)).toBe(70_000)
    expect(sim.version).toBe('2.5.0')
    expect(opened).toEqual(['127.0.0.1', 'closed'])
  }
})

test('a boot loader that cannot load over the network says why; nothing is stored and the port is closed', async () => {
  const { sim, opened, device, driver } = networkBench({}, () => Promise.reject(new Error('ARP Retry count exceeded')))
  await driver.detach?.(device, never)
  await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
    code: 'device.unexpected-answer',
    detail: { said: expect.stringContaining('ARP Retry count exceeded'), device: '127.0.0.1' },
  })
  expect(opened).toEqual(['127.0.0.1', 'closed'])
  expect(sim.version).toBe('2.4.0')
  expect((await driver.status(device, never)).mode).toBe('bootloader')
})

test.for(['', '0.0.0.0', '255.255.255.255', '224.0.0.1', 'fe80::1', '10.0.0', '127.0.0.1;reset'])(
  'no port is opened for a device that says that its address is "%s"',
  async (said) => {
    const prepare = [{ send: `setenv ipaddr ${said}` }]
    const { opened, device, driver } = networkBench({
      tftp: { ...tftp.tftp, device: { send: 'printenv ipaddr', match: 'ipaddr=(.*)' }, prepare },
    })
    await driver.detach?.(device, never)
    await expect(driver.write(device, await image(), watched(), never)).rejects.toMatchObject({
      code: 'device.unexpected-answer',
    })
    expect(opened).toEqual([])
  },
)
