import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { menderDriver } from '../../electron/host/device/drivers/mender/driver.ts'
import { raucDriver } from '../../electron/host/device/drivers/rauc/driver.ts'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { swupdateDriver } from '../../electron/host/device/drivers/swupdate/driver.ts'
import { ymodemDriver } from '../../electron/host/device/drivers/ymodem/driver.ts'
import { YMODEM_TIMING } from '../../electron/host/device/drivers/ymodem/timing.ts'
import { httpOpener } from '../../electron/host/link/http.ts'
import { openLink } from '../../electron/host/link/openers.ts'
import { serialOpener } from '../../electron/host/link/serial.ts'
import { sshOpener } from '../../electron/host/link/ssh.ts'
import type { Dialect } from '../../electron/host/link/trace/dialect.ts'
import type { TraceHeader } from '../../electron/host/link/trace/format.ts'
import { smpDialect } from '../../electron/host/protocol/smp/trace-dialect.ts'
import { PUMP_PROFILE } from '../../electron/sim/machines/pump.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { Profile } from '../../shared/model/profile.ts'
import { firmware, imageOf, never, openers, profileOf } from '../fixtures/devices/bench.ts'
import { menderBench, menderImage } from '../fixtures/mender/bench.ts'
import { newEcKey } from '../fixtures/mender/keys.ts'
import { recorded } from '../fixtures/replay/recording.ts'
import { replayed } from '../fixtures/replay/replayed.ts'
import { storeTrace } from '../fixtures/replay/stored.ts'
import { type UpdateScene, update } from '../fixtures/replay/update.ts'
import { virtually } from '../fixtures/replay/virtually.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { startRaucMachine } from './rauc/machine.ts'
import { needsRauc } from './rauc/needs-rauc.ts'
import { serverFile, smpServers } from './smp/tools.ts'
import { startBoard } from './smp/zephyr.ts'
import { openZephyr, withVersion } from './smp/zephyr-device.ts'
import { startSwupdate } from './swupdate/daemon.ts'
import { needsSwupdate } from './swupdate/needs-swupdate.ts'
import { needsUBoot, startUBoot } from './uboot/machine.ts'
import { makeApp } from './uboot/pump-app.ts'

/**
 * Updates of other people's device software, written down as they go over the link, and replayed at once. With
 * `WRITE_TRACES=1` they become the fixtures that the campaigns of bad lines are run on.
 */
async function recordAndReplay(
  name: string,
  scene: UpdateScene,
  place: Pick<TraceHeader, 'address' | 'kind'>,
  dialect?: Dialect,
): Promise<{ text: string; success: boolean; runsNew: boolean }> {
  const { end, trace, text } = await recorded(scene, place)
  expect(end).toMatchObject({ success: true })
  if (process.env.WRITE_TRACES) await storeTrace(name, text, scene.image)
  const again = await virtually(async () => {
    const device = replayed({ trace, dialect, driver: scene.driver, image: scene.image, fallsBack: false })
    return { end: await update(device), runsNew: device.runsNew() }
  })
  return { text, success: again.end.success, runsNew: again.runsNew }
}

/** The replayed device takes the update as the recorded one did. */
const SAME = { success: true, runsNew: true } as const

const first = <T>([one]: readonly T[]): T => {
  if (one === undefined) throw new Error('a profile has drivers')
  return one
}

test('SWUpdate: an update with a login is recorded without it, and replayed', async (context) => {
  needsSwupdate(context)
  const daemon = await startSwupdate()
  onTestFinished(() => daemon.close())
  const profile = profileOf('acme-winch')
  const { text, ...replay } = await recordAndReplay(
    'swupdate',
    {
      driver: swupdateDriver({ timing: { goDown: 3000, look: 50 } }),
      profile,
      binding: first(profile.drivers),
      image: await imageOf(await daemon.package('1.1.0', { size: 60_000 }), 'swu'),
      credential: daemon.account,
      open: () => httpOpener('http').open(daemon.address, {}, never),
    },
    { address: daemon.address, kind: 'http' },
  )
  expect(replay).toEqual(SAME)
  expect(text).toContain('"authorization":"(removed)"')
  expect(text).not.toContain('open sesame')
  expect(text).not.toMatch(/response=/)
})

test('U-Boot: an update over a serial line is recorded and replayed', async (context) => {
  needsUBoot(context)
  const machine = await startUBoot(tempDir(), 'P-7', '2.4.0')
  onTestFinished(() => machine.close())
  const profile = Profile.parse(PUMP_PROFILE)
  const replay = await recordAndReplay(
    'ymodem',
    {
      driver: ymodemDriver({ timing: { send: { ...YMODEM_TIMING.send, reply: 4000 } } }),
      profile,
      binding: first(profile.drivers),
      image: await imageOf(makeApp('2.5.0', 20_000), 'raw', { version: '2.5.0' }),
      open: () => serialOpener().open(machine.address, { baud: 115_200 }, never),
    },
    { address: machine.address, kind: 'serial' },
  )
  expect(replay).toMatchObject(SAME)
})

test.each(['pty', 'udp'] as const)('SMP over %s: an update is recorded and replayed', async (transport) => {
  const sim = await startSmp({
    kind: 'smp',
    type: 'acme-crane',
    serial: 'TR-1',
    transport,
    dir: tempDir(),
    version: '2.4.0',
  })
  onTestFinished(() => sim.close())
  // The same device on the other kind of line: what differs is how its packets are carried.
  const profile = profileOf(transport === 'udp' ? 'acme-gateway' : 'acme-crane')
  const replay = await recordAndReplay(
    `smp-${transport === 'udp' ? 'udp' : 'serial'}`,
    {
      driver: smpDriver({ firstSeq: () => 0 }),
      profile: { ...profile, type: 'acme-crane' },
      binding: first(profile.drivers),
      image: await firmware('acme-crane', '2.5.0', 20_000),
      open: () => openLink(openers, sim.address, {}, never),
    },
    { address: sim.address, kind: transport === 'udp' ? 'udp' : 'serial' },
    smpDialect(transport === 'udp' ? 'datagram' : 'console'),
  )
  expect(replay).toMatchObject(SAME)
})

test("Mender's client: an update over SSH is recorded and replayed", async (context) => {
  const key = newEcKey()
  const { machine, device } = await menderBench(context, key)
  const { link, profile, binding } = await device()
  await link.close()
  const replay = await recordAndReplay(
    'mender',
    {
      driver: menderDriver({ timing: { poll: 60, look: 50, goDown: 5000 } }),
      profile,
      binding,
      image: await menderImage({ name: 'winch-2.0.0', key, size: 20_000 }),
      credential: machine.login,
      open: async () => (await device()).link,
    },
    { address: machine.address, kind: 'ssh' },
  )
  expect(replay).toMatchObject(SAME)
  expect(replay.text).not.toContain(machine.login.privateKey.slice(40, 80))
})

test('RAUC: an update over SSH is recorded and replayed', async (context) => {
  needsRauc(context)
  const machine = await startRaucMachine()
  onTestFinished(() => machine.close())
  const profile = Profile.parse(machine.profile)
  const bundle = new Uint8Array(readFileSync(machine.bundle('1.1.0')))
  const replay = await recordAndReplay(
    'rauc',
    {
      driver: raucDriver(),
      profile,
      binding: first(profile.drivers),
      image: await imageOf(bundle, 'rauc', { component: 'system' }),
      open: () => sshOpener().open(machine.sshd.address, { ssh: machine.sshd.access }, never),
    },
    { address: machine.sshd.address, kind: 'ssh' },
  )
  expect(replay).toMatchObject(SAME)
})

test('SMP: a real Zephyr over a real MCUboot, an update recorded and replayed', async (context) => {
  const board = await startBoard(context, 'microbit')
  onTestFinished(() => board.close())
  const { link, profile, binding } = await openZephyr(board.address)
  await link.close()
  const file = serverFile(smpServers(context), 'qemu_cortex_m0_serial.signed.bin')
  const replay = await recordAndReplay(
    'smp-zephyr',
    {
      driver: smpDriver({ firstSeq: () => 200 }),
      profile,
      binding,
      image: await imageOf(withVersion(readFileSync(file), 1, 1)),
      open: async () => (await openZephyr(board.address)).link,
    },
    { address: board.address, kind: 'serial' },
    smpDialect('console'),
  )
  expect(replay).toMatchObject(SAME)
})
