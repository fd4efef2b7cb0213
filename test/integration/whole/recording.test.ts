import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { replayReport } from '../../../electron/host/device/replay.ts'
import { readTrace } from '../../../electron/host/link/trace/format.ts'
import { eventually } from '../../fixtures/eventually.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import { harbourDepot, machineOf, machineSim, settleIn, waitForMachine } from '../../fixtures/whole/harbour.ts'
import { first } from '../../fixtures/whole/watching.ts'

test('a console records what it says to a device, and the file is enough to ask the device in it', async () => {
  const machine = machineOf('smp-serial')
  const sim = await machineSim('smp-serial', tempDir())
  const harbour = await harbourDepot({ 'smp-serial': sim })
  const { client } = await startConsoleProcess(tempDir())
  await settleIn(client, harbour)
  await waitForMachine(client, machine.key)

  const { id, path } = await client.traces.start({ device: machine.key })
  await client.devices.refresh({ device: machine.key })
  // The device is asked now and then; in the end all that a replay asks for has been asked.
  const report = await eventually(async () => {
    const { bytes } = await client.traces.read({ id, offset: 0 })
    const replayed = await replayReport(await readTrace([Buffer.from(bytes, 'base64')]), new AbortController().signal)
    expect(replayed).toMatchObject({ identity: { serial: sim.serial }, trouble: null })
    return replayed
  })
  expect(report.status?.versions).toEqual({ [machine.component]: machine.from })
  expect(await client.traces.stop({ id })).toMatchObject({ state: 'stopped', device: machine.key, driver: 'smp' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const rows = await client.audit.list({ limit: 50 })
  expect(rows.map(({ action }) => action)).toContain('device.recorded')

  await client.traces.remove({ id })
  expect(await first(client.traces.list, null)).toEqual([])
})
