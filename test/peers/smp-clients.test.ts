/** Clients that others wrote, on our simulated device: what a Zephyr application answers them, it must answer too. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import { makeFirmware } from '../../electron/sim/artifacts/demo.ts'
import { imageInfo } from '../../electron/sim/smp/image-pair.ts'
import type { SmpSim } from '../../electron/sim/smp/smp-sim.ts'
import { startSmp } from '../../electron/sim/start-smp.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { type Foreign, ForeignClient } from './smp/foreign-client.ts'
import { smpClients } from './smp/tools.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

async function world(context: TestContext, which: Foreign, transport: 'udp' | 'pty') {
  const python = smpClients(context)
  const dir = tempDir()
  const base = { kind: 'smp', type: 'acme-crane', serial: 'CR-31', version: '2.4.0', transport, dir } as const
  // Over UDP smpclient fills what the network carries, whatever the device says of its buffers.
  const sim = await startSmp({ ...base, config: { bufSize: transport === 'udp' ? 2048 : 512 } })
  cleanUps.push(() => sim.close())
  const client = new ForeignClient(python, which, sim.address)
  cleanUps.push(() => client.close())
  const bytes = makeFirmware({ type: 'acme-crane', version: '2.5.0', size: 30_000 })
  const file = join(dir, 'crane-2.5.0.bin')
  writeFileSync(file, bytes)
  return { sim, client, file, hash: imageInfo(bytes)?.hash ?? '', length: bytes.length }
}

async function back(sim: SmpSim): Promise<void> {
  await expect.poll(() => sim.state()).toMatchObject({ restarts: 1, running: true })
}

describe('smpclient (Python)', () => {
  it.for(['udp', 'pty'] as const)('updates our device over %s', async (transport, context) => {
    const { sim, client, file, hash, length } = await world(context, 'smpclient', transport)
    const os = (name: string, fields = {}) => client.ask({ group: 'os', do: name, with: fields })
    const states = (fields?: object) =>
      client.ask({ group: 'image', do: fields ? 'ImageStatesWrite' : 'ImageStatesRead', with: fields ?? {} })
    expect(await os('EchoWrite', { d: 'hello' })).toEqual({ r: 'hello' })
    expect(await os('MCUMgrParametersRead')).toMatchObject({ buf_count: 4 })
    expect(await states()).toMatchObject({ images: [{ slot: 0, version: '2.4.0', active: true, confirmed: true }] })
    expect(await client.ask({ do: 'upload', file })).toMatchObject({ last: length })
    expect(await states()).toMatchObject({ images: [{}, { slot: 1, version: '2.5.0', hash }] })
    const pending = { images: [{ active: true }, { hash, pending: true }] }
    expect(await states({ hash: { hex: hash }, confirm: false })).toMatchObject(pending)
    expect(await client.ask({ group: 'image', do: 'ImageErase', with: { slot: 1 } })).toMatchObject({
      refused: { err: { rc: 28 } },
    })
    expect(await os('ResetWrite')).toEqual({})
    await back(sim)
    expect(sim.state()).toMatchObject({ version: '2.5.0', trial: true })
    expect(await states({ confirm: true })).toMatchObject({ images: [{ hash, active: true, confirmed: true }, {}] })
    expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
    const shell = await client.ask({ group: 'shell', do: 'Execute', with: { argv: ['boom'] } })
    expect(shell).toMatchObject({ o: 'cradle=closed S4=closed', ret: 0 })
    const stat = await client.ask({ group: 'stat', do: 'GroupData', with: { name: 'power' } })
    expect(stat).toMatchObject({ name: 'power', fields: { battery_pct: 87 } })
    const none = await client.ask({ group: 'stat', do: 'GroupData', with: { name: 'none' } })
    expect(none).toMatchObject({ refused: { err: { group: 2, rc: 2 } } })
  })
})

describe('mcumgr-toolkit (Rust)', () => {
  it.for(['udp', 'pty'] as const)('updates our device over %s', async (transport, context) => {
    const { sim, client, file, hash } = await world(context, 'toolkit', transport)
    const value = async (name: string, ...args: unknown[]) => (await client.ask({ do: name, args })).value
    expect(await value('os_echo', 'hello')).toBe('hello')
    expect(await value('os_mcumgr_parameters')).toMatchObject({ buf_count: 4 })
    expect(await client.ask({ do: 'upload', file })).toMatchObject({ value: null })
    expect(sim.slot('secondary')).toBe(hash)
    await client.ask({ do: 'image_set_state', args: [{ hex: hash }, false] })
    expect(await value('image_get_state')).toMatchObject([{ active: true }, { hash, pending: true }])
    await client.ask({ do: 'os_system_reset' })
    await back(sim)
    expect(await value('image_get_state')).toMatchObject([{ hash, active: true, confirmed: false }, {}])
    await client.ask({ do: 'image_set_state', args: [null, true] })
    expect(sim.state()).toMatchObject({ version: '2.5.0', trial: false })
    expect(await value('shell_execute', ['boom'])).toBe('cradle=closed S4=closed')
    expect(await value('stats_get_group_data', 'power')).toEqual({ battery_pct: 87 })
  })
})
