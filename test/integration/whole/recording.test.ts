import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { replayReport } from '../../../electron/host/device/replay.ts'
import { readTrace } from '../../../electron/host/link/trace/format.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import { harbourDepot, machineOf, machineSim, settleIn, waitForMachine } from '../../fixtures/whole/harbour.ts'
import { first, until } from '../../fixtures/whole/watching.ts'

test('a console records what it says to a device, and the file is enough to ask the device in it', async () => {
  const machine = machineOf('smp-serial')
  const sim = await machineSim('smp-serial', tempDir())
  const harbour = await harbourDepot({ 'smp-serial': sim })
  const { client } = await startConsoleProcess(tempDir())
  await settleIn(client, harbour)
  await waitForMachine(client, machine.key)

  const { id, path } = await client.traces.start({ device: machine.key })
  await client.devices.refresh({ device: machine.key })
  await until(client.traces.list, null, ([row]) => (row?.events ?? 0) > 5)
  expect(await client.traces.stop({ id })).toMatchObject({ state: 'stopped', device: machine.key, driver: 'smp' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const rows = await client.audit.list({ limit: 50 })
  expect(rows.map(({ action }) => action)).toContain('device.recorded')

  const { bytes } = await client.traces.read({ id, offset: 0 })
  const trace = await readTrace([Buffer.from(bytes, 'base64')])
  const report = await replayReport(trace, new AbortController().signal)
  expect(report).toMatchObject({ identity: { serial: sim.serial }, trouble: null })
  expect(report.status?.versions).toEqual({ [machine.component]: machine.from })
  await client.traces.remove({ id })
  expect(await first(client.traces.list, null)).toEqual([])
})
