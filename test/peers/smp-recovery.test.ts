/** MCUboot itself in serial recovery, on an emulated board: told apart from the application, and written only for good. */

import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SmpClient } from '../../electron/host/protocol/smp/client.ts'
import { resetIntoRecovery } from '../../electron/host/protocol/smp/os.ts'
import { smpTransport } from '../../electron/host/protocol/smp/transport.ts'
import { imageOf, never, watched } from '../fixtures/devices/bench.ts'
import { startRunConsole } from '../fixtures/devices/run-console.ts'
import { serverFile, smpServers } from './smp/tools.ts'
import { startBoard } from './smp/zephyr.ts'
import { openZephyr, withVersion } from './smp/zephyr-device.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

const SELF = { type: 'zephyr-board', serial: 'Zephyr' } as const
/** Its application says a name that stays; its boot loader knows no such question. */
const NAMED = {
  drivers: [{ driver: 'smp' as const, link: 'serial' as const }],
  identity: { serial: { source: { from: 'smp.info' as const, format: 's' } } },
}
const QUAY = { format: 'slipway.site/1', id: 'quay-4', title: 'Quay 4', zone: 'UTC' } as const

const driver = smpDriver({ firstSeq: () => 60 })

async function intoRecovery(address: string): Promise<void> {
  const { link } = await openZephyr(address)
  if (link.kind !== 'serial') throw new Error('a serial line is wanted')
  await resetIntoRecovery(new SmpClient(smpTransport(link), 33), 3000, never)
  await link.close()
}

it('a board in recovery is said to be one, and is brought back by a plan that says for good', async (context) => {
  const board = await startBoard(context, 'recovery')
  cleanUps.push(() => board.close())
  const application = await openZephyr(board.address)
  await expect.poll(() => driver.identify(application, never).catch(() => null)).toMatchObject({ type: 'zephyr-board' })
  expect(await driver.status(application, never)).toMatchObject({ mode: 'application', versions: { app: '0.0.0' } })
  await application.link.close()

  await intoRecovery(board.address)

  const device = await openZephyr(board.address)
  cleanUps.push(() => device.link.close())
  const mode = () => driver.status(device, never).then((status) => status.mode)
  await expect.poll(mode).toBe('bootloader')
  await expect(driver.identify(device, never)).rejects.toMatchObject({
    code: 'device.in-recovery',
    detail: { held: '0.0.0' },
  })
  const file = serverFile(smpServers(context), 'mps2_an385_serial_recovery.signed.bin')
  const image = await imageOf(withVersion(readFileSync(file), 2, 0))
  await expect(driver.write(device, image, watched(), never)).rejects.toMatchObject({ code: 'device.in-recovery' })

  const forGood = { ...image, permanent: true }
  const options = watched()
  expect(await driver.write(device, forGood, options, never)).toEqual({ alreadyHeld: false })
  expect(options.seen.at(-1)).toBe(image.length)
  expect((await driver.status(device, never)).slots).toMatchObject([{ version: '2.0.0', hash: image.deviceHash }])
})

it('a board that only MCUboot speaks for is written on the word of who read its plate, and says itself what it runs', async (context) => {
  const board = await startBoard(context, 'recovery')
  cleanUps.push(() => board.close())
  const application = await openZephyr(board.address, NAMED)
  await expect
    .poll(() => driver.identify(application, never).catch(() => null), { timeout: 30_000 })
    .toMatchObject(SELF)
  await application.link.close()
  await intoRecovery(board.address)

  const file = serverFile(smpServers(context), 'mps2_an385_serial_recovery.signed.bin')
  const image = await imageOf(withVersion(readFileSync(file), 2, 0))
  const console = await startRunConsole({
    addresses: [board.address],
    site: { ...QUAY, devices: [{ name: 'board', ...SELF, wanted: {}, addresses: [] }] },
    own: {
      profile: application.profile,
      image,
      safe: 'true',
      console: { drivers: [driver], timing: { presence: 1000, probe: 20_000 } },
    },
    plan: {
      scope: {
        sites: ['*'],
        deviceTypes: [SELF.type],
        recovery: { only: true, plate: { roles: ['technician'], twoPerson: false } },
      },
      artifacts: [{ component: 'app', target: 'artifacts/image.bin', version: image.version, permanent: true }],
      conditions: [],
      checks: [],
    },
  })
  cleanUps.push(() => console.close())
  await expect
    .poll(() => console.runs.claims.list(), { timeout: 30_000 })
    .toMatchObject([{ mayBe: [{ driver: 'smp', holds: '0.0.0', says: { loader: 'MCUboot' } }], left: null }])
  const { claims } = console.runs
  const by = { operator: 'ada', roles: ['technician'] as const }
  await claims.claim({ address: board.address, plan: console.plan.id, serial: SELF.serial }, by, never)
  await expect
    .poll(() => console.console.registry.get(`${SELF.type}:${SELF.serial}`))
    .toMatchObject({ status: { mode: 'bootloader' } })
  const run = await console.start(SELF.serial)
  await expect.poll(() => console.runs.view(run).endedAt, { timeout: 60_000, interval: 250 }).not.toBeNull()
  // The emulator puts its memory back when the board restarts: the old version runs, and nobody calls that a success.
  expect(console.runs.view(run)).toMatchObject({ phase: 'failed', result: { readBack: { app: '0.0.0' } } })
  const written = console.recorder.entries().filter(({ action }) => action === 'run.outcome')
  expect(written.map(({ detail }) => detail)).toContainEqual(expect.objectContaining({ act: 'write', done: true }))
  expect(console.console.registry.get(`${SELF.type}:${SELF.serial}`)?.claim).toBeUndefined()
})
