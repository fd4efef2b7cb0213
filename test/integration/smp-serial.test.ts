import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ByteLink } from '../../electron/host/link/link.ts'
import { serialOpener } from '../../electron/host/link/serial.ts'
import { openPtyPair } from '../../electron/sim/pty.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { driver, firmware, never, openDevice, watched } from '../fixtures/devices/bench.ts'

/** A real tty on both ends: socat's pseudo-terminals, opened by the real serialport package. */
let dir: string
const cleanUps: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-pty-'))
})
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
  await rm(dir, { recursive: true, force: true })
})

const open = async (path: string) => {
  const link = (await serialOpener().open(`serial:${path}`, {}, never)) as ByteLink
  cleanUps.push(() => link.close())
  return link
}
const pair = async () => {
  const made = await openPtyPair(dir, 'a')
  cleanUps.push(() => made.close())
  return made
}

test('bytes go both ways', async () => {
  const { host, device } = await pair()
  const [a, b] = [await open(host), await open(device)]
  await a.write(Buffer.from('ping'), never)
  expect(Buffer.from(await b.read(never)).toString()).toBe('ping')
  await b.write(Buffer.from('pong'), never)
  expect(Buffer.from(await a.read(never)).toString()).toBe('pong')
})

test('a port in use is busy, one that is not there is not found', async () => {
  const { host } = await pair()
  await open(host)
  await expect(serialOpener().open(`serial:${host}`, {}, never)).rejects.toMatchObject({ code: 'link.busy' })
  await expect(serialOpener().open(`serial:${dir}/none`, {}, never)).rejects.toMatchObject({ code: 'link.not-found' })
})

test('a port can be opened again after it was closed', async () => {
  const { host, device } = await pair()
  const far = await open(device)
  for (let round = 0; round < 3; round += 1) {
    const near = (await serialOpener().open(`serial:${host}`, {}, never)) as ByteLink
    await near.write(Buffer.from([round]), never)
    expect([...(await far.read(never))]).toEqual([round])
    await near.close()
    await expect(near.write(Buffer.from('x'), never)).rejects.toMatchObject({ code: 'link.lost' })
  }
})

test('a pulled plug is noticed by who reads and by who writes', async () => {
  const made = await openPtyPair(dir, 'a')
  const link = await open(made.host)
  // At once: this is where the native binding does not notice by itself.
  const [read] = await Promise.allSettled([link.read(never), made.close()])
  expect(read).toMatchObject({ status: 'rejected', reason: { code: 'link.lost' } })
  await expect(link.write(Buffer.from('x'), never)).rejects.toMatchObject({ code: 'link.lost' })
})

test('a whole update of a crane over its console, with log lines between the frames', async () => {
  const sim = await startSmp({
    kind: 'smp',
    type: 'acme-crane',
    serial: 'CR-7',
    transport: 'pty',
    dir,
    version: '2.4.0',
  })
  cleanUps.push(() => sim.close())
  expect(sim.address).toMatch(/^serial:/)
  const device = await openDevice(sim.address, 'acme-crane')
  cleanUps.push(() => device.link.close())
  expect(await driver.identify(device, never)).toMatchObject({ type: 'acme-crane', serial: 'CR-7' })
  const image = await firmware('acme-crane', '2.5.0', 100_000)
  await driver.write(device, image, watched(), never)
  await driver.attach(device, [image], never)
  await expect.poll(() => sim.state()).toMatchObject({ restarts: 1, running: true })
  expect((await driver.status(device, never)).slots[0]).toMatchObject({ hash: image.deviceHash, confirmed: false })
  await driver.confirm?.(device, [image], never)
  expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
})

test('a device that comes back under another path is lost under the old one', async () => {
  const sim = await startSmp({
    kind: 'smp',
    type: 'acme-crane',
    serial: 'CR-8',
    transport: 'pty',
    dir,
    version: '2.4.0',
  })
  cleanUps.push(() => sim.close())
  sim.setFaults({ reenumerate: true })
  const before = sim.address
  const device = await openDevice(before, 'acme-crane')
  cleanUps.push(() => device.link.close())
  const image = await firmware('acme-crane', '2.5.0')
  await driver.write(device, image, watched(), never)
  // Taken, although the link is gone before anybody could look.
  await driver.attach(device, [image], never)
  await expect.poll(() => sim.state()).toMatchObject({ restarts: 1, running: true })
  expect(sim.address).not.toBe(before)
  await expect(driver.status(device, never)).rejects.toMatchObject({ code: 'link.lost' })
  const again = await openDevice(sim.address, 'acme-crane')
  cleanUps.push(() => again.link.close())
  expect((await driver.status(again, never)).versions).toEqual({ app: '2.5.0' })
})

test('a console that stops with half a frame on the line does not spoil the next session', async () => {
  const sim = await startSmp({ kind: 'smp', type: 'acme-crane', serial: 'CR-9', transport: 'pty', dir })
  cleanUps.push(() => sim.close())
  const first = (await serialOpener().open(sim.address, {}, never)) as ByteLink
  await first.write(Buffer.from('\u0006\u0009ABMCAAAJAA'), never)
  await first.close()
  const device = await openDevice(sim.address, 'acme-crane')
  cleanUps.push(() => device.link.close())
  expect(await driver.identify(device, never)).toMatchObject({ serial: 'CR-9' })
})
