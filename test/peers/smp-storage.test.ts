/** The groups beside images on Zephyr's own server: files, settings, tasks, and how much it takes at once. */

import { afterEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import { smpDriver } from '../../electron/host/device/drivers/smp/driver.ts'
import { SmpClient } from '../../electron/host/protocol/smp/client.ts'
import { fileLength, readFile, writeFile } from '../../electron/host/protocol/smp/files.ts'
import { readParams } from '../../electron/host/protocol/smp/os.ts'
import { packetRoom } from '../../electron/host/protocol/smp/packet-room.ts'
import { smpTransport } from '../../electron/host/protocol/smp/transport.ts'
import type { Source } from '../../shared/model/profile.ts'
import { never } from '../fixtures/devices/bench.ts'
import { ForeignClient } from './smp/foreign-client.ts'
import { smpClients } from './smp/tools.ts'
import { startNativeSim, type ZephyrDevice } from './smp/zephyr.ts'
import { openZephyr } from './smp/zephyr-device.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

const PATIENCE = { timeout: 2000, tries: 3 }
const driver = smpDriver({ firstSeq: () => 11 })

async function started(zephyr: ZephyrDevice, framing: 'console' | 'raw' = 'console') {
  cleanUps.push(() => zephyr.close())
  const device = await openZephyr(zephyr.address, { drivers: [{ driver: 'smp', link: 'serial', framing }] })
  cleanUps.push(() => device.link.close())
  return device
}

async function clientOf(zephyr: ZephyrDevice): Promise<SmpClient> {
  const { link } = await started(zephyr)
  if (link.kind !== 'udp' && link.kind !== 'serial') throw new Error('a link that carries SMP')
  return new SmpClient(smpTransport(link), 5)
}

describe('files', () => {
  it('go there and come back, and another client reads the same', async (context) => {
    const python = smpClients(context)
    const zephyr = await startNativeSim(context, 'udp')
    const client = await clientOf(zephyr)
    const { bufSize } = await readParams(client, PATIENCE, never)
    const limit = client.transport.packetLimit(bufSize)
    const content = Buffer.from('The winch brake was changed on Tuesday.\n'.repeat(80))
    await writeFile(client, '/lfs1/log.txt', content, limit, PATIENCE, never)
    expect(await fileLength(client, '/lfs1/log.txt', PATIENCE, never)).toBe(content.length)
    expect(await readFile(client, '/lfs1/log.txt', 8192, PATIENCE, never)).toEqual(content)
    await expect(readFile(client, '/lfs1/log.txt', 100, PATIENCE, never)).rejects.toMatchObject({
      detail: { reason: 'too-large', length: content.length },
    })
    const other = new ForeignClient(python, 'smpclient', zephyr.address)
    cleanUps.push(() => other.close())
    expect(await other.ask({ do: 'get', path: '/lfs1/log.txt' })).toEqual({ text: content.toString() })

    const device = await openZephyr(zephyr.address)
    cleanUps.push(() => device.link.close())
    const read = (source: Source) => driver.read(device, source, never)
    expect(await read({ from: 'smp.file-hash', path: '/lfs1/log.txt' })).toBe(sha256Hex(content))
    expect(await read({ from: 'smp.file', path: '/lfs1/log.txt', match: 'on (\\w+)' })).toBe('Tuesday')
    await expect(read({ from: 'smp.file', path: '/lfs1/none' })).rejects.toMatchObject({ code: 'device.refused' })
  })
})

describe('facts', () => {
  it.for(['serial', 'serial_raw'])('over %s: read, or refused in so many words', async (config, context) => {
    const device = await started(await startNativeSim(context, config), config === 'serial' ? 'console' : 'raw')
    const read = (source: Source) => driver.read(device, source, never)
    expect(await driver.identify(device, never)).toMatchObject({ type: 'zephyr-board' })
    expect(await read({ from: 'smp.info', format: 'v' })).toMatch(/^4\.4\.0|^\w{12}$/)
    expect(await read({ from: 'smp.info', format: 'a', match: 'native_\\w+' })).toBe('native_sim')
    await expect(read({ from: 'smp.setting', name: 'no/such', as: 'text' })).rejects.toMatchObject({
      code: 'device.refused',
    })
    await expect(read({ from: 'smp.pool', pool: 'x', field: 'min' })).rejects.toMatchObject({
      detail: { reason: 'not-supported' },
    })
    await expect(read({ from: 'smp.time' })).rejects.toMatchObject({ detail: { reason: 'not-supported' } })
  })

  it('of its tasks, in bytes', async (context) => {
    const device = await started(await startNativeSim(context, 'udp'))
    const read = (field: 'prio' | 'stksiz') =>
      driver.read(device, { from: 'smp.task', task: 'mcumgr smp', field }, never)
    expect(await read('stksiz')).toBe(2048)
    expect(await read('prio')).toBe(3)
  })
})

describe('what a device takes at once', () => {
  it.for([
    ['as Zephyr is by default, two lines', 'serial', 182],
    ['with more room for lines, its whole buffer', 'serial_bigrx', 380],
  ] as const)('%s', async ([_name, config, room], context) => {
    const client = await clientOf(await startNativeSim(context, config))
    const { bufSize } = await readParams(client, PATIENCE, never)
    expect(bufSize).toBe(384)
    expect(await packetRoom(client, client.transport.packetLimit(bufSize), 0.087, never)).toBe(room)
  })
})
