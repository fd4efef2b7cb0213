/** Zephyr's own server and the real MCUboot: what they answer is what our client must live with. */

import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import type { Device } from '../../electron/host/device/driver.ts'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SMP_TIMING } from '../../electron/host/device/drivers/smp/timing.ts'
import { SmpClient } from '../../electron/host/protocol/smp/client.ts'
import { markImage } from '../../electron/host/protocol/smp/image.ts'
import { smpTransport } from '../../electron/host/protocol/smp/transport.ts'
import { AppError } from '../../shared/errors.ts'
import { imageOf, never, watched } from '../fixtures/devices/bench.ts'
import { serverFile, smpServers } from './smp/tools.ts'
import { startBoard, startNativeSim } from './smp/zephyr.ts'
import { openZephyr, withVersion } from './smp/zephyr-device.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

const printed: string[] = []
const driver = smpDriver({ firstSeq: () => 200, timing: SMP_TIMING, onText: (_, line) => printed.push(line) })

async function opened(address: string): Promise<Device> {
  const device = await openZephyr(address)
  cleanUps.push(() => device.link.close())
  return device
}

async function board(context: TestContext, name: 'microbit' | 'recovery') {
  const started = await startBoard(context, name)
  cleanUps.push(() => started.close())
  return opened(started.address)
}

const slotsOf = async (device: Device) =>
  (await driver.status(device, never)).slots.map(({ name, version, active, pending, confirmed }) => {
    const is = [active && 'active', pending && 'pending', confirmed && 'confirmed'].filter(Boolean).join(' ')
    return { name, version, is }
  })

const firmware = (context: TestContext, major: number, minor: number) => {
  const file = serverFile(smpServers(context), 'qemu_cortex_m0_serial.signed.bin')
  return imageOf(withVersion(readFileSync(file), major, minor))
}

describe('an application on a board with MCUboot', () => {
  it('is updated and confirmed; what its list does not show it cannot go back to', async (context) => {
    const device = await board(context, 'microbit')
    expect(await slotsOf(device)).toEqual([{ name: 'primary', version: '0.0.0', is: 'active confirmed' }])
    const image = await firmware(context, 1, 1)
    const options = watched()
    expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: false })
    expect(options.seen.at(-1)).toBe(image.length)
    expect(await driver.write(device, image, options, never)).toEqual({ alreadyHeld: true })

    await driver.attach(device, [image], never)
    const trial = [
      { name: 'primary', version: '1.1.0', is: 'active' },
      { name: 'secondary', version: '0.0.0', is: 'confirmed' },
    ]
    await expect.poll(() => slotsOf(device)).toEqual(trial)
    await driver.confirm?.(device, [image], never)
    expect(await slotsOf(device)).toEqual([{ name: 'primary', version: '1.1.0', is: 'active confirmed' }])
    // The old image lies a sector further on after a swap by offset, where the server does not look for it.
    await expect(driver.rollback?.(device, [image], never)).rejects.toMatchObject({ code: 'device.no-rollback' })
  })

  it('falls back from a trial that nobody confirms', async (context) => {
    const device = await board(context, 'microbit')
    const image = await firmware(context, 1, 2)
    await driver.write(device, image, watched(), never)
    await driver.attach(device, [image], never)
    await expect.poll(() => slotsOf(device)).toMatchObject([{ version: '1.2.0', is: 'active' }, {}])
    await driver.rollback?.(device, [image], never)
    await expect.poll(() => slotsOf(device)).toMatchObject([{ version: '0.0.0' }, {}])
    await expect(driver.confirm?.(device, [image], never)).rejects.toMatchObject({ code: 'device.reverted' })
  })

  it('takes up an upload where it was stopped', async (context) => {
    const device = await board(context, 'microbit')
    const image = await firmware(context, 1, 3)
    const stopped = watched(async () => {
      if ((stopped.seen.at(-1) ?? 0) > image.length / 4) throw new AppError('condition.changed-while-writing')
    })
    // Every request is followed by a look, whatever the machine's speed.
    const often = { ...SMP_TIMING, upload: { ...SMP_TIMING.upload, between: 0 } }
    const eager = smpDriver({ firstSeq: () => 90, timing: often })
    await expect(eager.write(device, image, stopped, never)).rejects.toMatchObject({
      code: 'condition.changed-while-writing',
    })
    const resumed = watched()
    expect(await eager.write(device, image, resumed, never)).toEqual({ alreadyHeld: false })
    expect(resumed.seen[0]).toBeGreaterThan(image.length / 4)
  })

  it('keeps what it runs when the boot loader finds an image damaged', async (context) => {
    const device = await board(context, 'microbit')
    const good = await firmware(context, 1, 4)
    const bytes = new Uint8Array(await good.read(0, good.length))
    bytes[2000] = (bytes[2000] ?? 0) ^ 1
    const image = {
      ...good,
      sha256: sha256Hex(bytes),
      read: async (at: number, n: number) => bytes.subarray(at, at + n),
    }
    await driver.write(device, image, watched(), never)
    await driver.attach(device, [image], never)
    await expect.poll(() => printed.join('\n')).toContain('Image in the secondary slot is not valid')
    await expect.poll(() => slotsOf(device)).toMatchObject([{ version: '0.0.0', is: 'active confirmed' }])
    await expect(driver.confirm?.(device, [image], never)).rejects.toMatchObject({ code: 'device.reverted' })
  })

  it('gives up a mark that no restart has honoured', async (context) => {
    const first = await board(context, 'microbit')
    const image = await firmware(context, 1, 5)
    await driver.write(first, image, watched(), never)
    await driver.restore?.(first, [image], never)
    expect(await slotsOf(first)).toMatchObject([{ version: '0.0.0' }, { version: '1.5.0', is: '' }])
    await first.link.close()
    // Marked by somebody else.
    const { link } = await opened(first.link.address)
    if (link.kind !== 'serial') return
    await markImage(new SmpClient(smpTransport(link), 17), image.deviceHash ?? '', false, never)
    await link.close()
    const device = await opened(first.link.address)
    expect(await slotsOf(device)).toMatchObject([{}, { version: '1.5.0', is: 'pending' }])
    await driver.restore?.(device, [image], never)
    expect(await slotsOf(device)).toEqual([{ name: 'primary', version: '0.0.0', is: 'active confirmed' }])
  })
})

describe('an application in a process of its own', () => {
  it.for(['udp', 'serial'])('over %s: what it says is read, what it refuses is said', async (config, context) => {
    const zephyr = await startNativeSim(context, config)
    cleanUps.push(() => zephyr.close())
    const device = await opened(zephyr.address)
    const stat = { from: 'smp.stat', group: 'smp_svr_stats', field: 'ticks' } as const
    expect(await driver.identify(device, never)).toMatchObject({ type: 'zephyr-board' })
    expect(await driver.read(device, stat, never)).toBeTypeOf('number')
    await expect(driver.read(device, { ...stat, group: 'none' }, never)).rejects.toMatchObject({
      code: 'device.refused',
    })
    await expect(driver.read(device, { ...stat, field: 'none' }, never)).rejects.toMatchObject({
      code: 'reading.missing',
    })
    // Built without images: said so, not guessed.
    await expect(driver.status(device, never)).rejects.toMatchObject({ detail: { reason: 'not-supported' } })
    const argv = ['kernel', 'version']
    expect(await driver.read(device, { from: 'smp.shell', argv, match: 'version (\\S+)' }, never)).toBe('4.4.0')
    const wrong = driver.read(device, { from: 'smp.shell', argv: ['nonesuch'] }, never)
    await expect(wrong).rejects.toMatchObject({ code: 'reading.unreadable', detail: { code: -8 } })
  })

  it('shares its line with a shell', async (context) => {
    const zephyr = await startNativeSim(context, 'shell')
    cleanUps.push(() => zephyr.close())
    const device = await opened(zephyr.address)
    const stat = { from: 'smp.stat', group: 'smp_svr_stats', field: 'ticks' } as const
    expect(await driver.identify(device, never)).toMatchObject({ type: 'zephyr-board' })
    expect(await driver.read(device, stat, never)).toBeTypeOf('number')
    expect(printed.join('\n')).toContain('uart:~$')
  })
})
