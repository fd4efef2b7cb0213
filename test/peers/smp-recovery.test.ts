/** MCUboot itself in serial recovery, on an emulated board: told apart from the application, and written only for good. */

import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SmpClient } from '../../electron/host/protocol/smp/client.ts'
import { resetIntoRecovery } from '../../electron/host/protocol/smp/os.ts'
import { smpTransport } from '../../electron/host/protocol/smp/transport.ts'
import { imageOf, never, watched } from '../fixtures/devices/bench.ts'
import { serverFile, smpServers } from './smp/tools.ts'
import { startBoard } from './smp/zephyr.ts'
import { openZephyr, withVersion } from './smp/zephyr-device.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

const driver = smpDriver({ firstSeq: () => 60 })

it('a board in recovery is said to be one, and is brought back by a plan that says for good', async (context) => {
  const board = await startBoard(context, 'recovery')
  cleanUps.push(() => board.close())
  const application = await openZephyr(board.address)
  await expect.poll(() => driver.identify(application, never).catch(() => null)).toMatchObject({ type: 'zephyr-board' })
  expect(await driver.status(application, never)).toMatchObject({ mode: 'application', versions: { app: '0.0.0' } })
  await application.link.close()

  const { link } = await openZephyr(board.address)
  if (link.kind !== 'serial') return
  await resetIntoRecovery(new SmpClient(smpTransport(link), 33), 3000, never)
  await link.close()

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
