import { expect, test } from 'vitest'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import { harbourDepot, machineOf, machineSim, settleIn, waitForMachine } from '../../fixtures/whole/harbour.ts'
import { until } from '../../fixtures/whole/watching.ts'

/** A machine that nobody told the console of, over the contract of a host in a process of its own. */
test('a machine is asked who it is, kept, read by name, examined, and its network searched, all on the record', async () => {
  const machine = machineOf('smp-udp')
  const sim = await machineSim('smp-udp', tempDir())
  const { client } = await startConsoleProcess(tempDir())
  const harbour = await harbourDepot({ 'smp-udp': null })
  const { address } = sim
  await expect(client.devices.identify({ address })).rejects.toMatchObject({ code: 'people.not-signed-in' })
  await settleIn(client, harbour)

  const codes = async () => (await client.doctor.examine({ address })).findings.map(({ code }) => code)
  expect(await codes()).toContain('not-asked')
  expect(await client.devices.identify({ address })).toMatchObject({ device: machine.key, driver: 'smp', known: false })
  await until(client.devices.list, null, (devices) => devices.every(({ key }) => key !== machine.key))

  await client.devices.addAddress({ address })
  await waitForMachine(client, machine.key)
  const [version] = await client.devices.read({ device: machine.key, sources: ['version.app'] })
  expect(version).toMatchObject({ value: machine.from, fault: null })
  await expect(client.devices.read({ device: machine.key, sources: ['shell'] })).rejects.toMatchObject({
    code: 'reading.unknown-signal',
  })
  expect(await codes()).toContain('answers')
  await expect(client.doctor.examine({ address: 'nowhere' })).rejects.toMatchObject({ code: 'link.bad-address' })

  // Its port is another than the profile's, so the search itself finds nobody.
  await expect(client.devices.startSearch({ network: '8.8.8.0/24' })).rejects.toMatchObject({
    code: 'link.not-searchable',
  })
  await client.devices.startSearch({ network: '127.0.0.8/30' })
  const search = await until(client.devices.search, null, ({ state }) => state === 'done')
  expect(search).toMatchObject({ network: '127.0.0.8/30', ports: ['udp 1337'], done: 2, total: 2 })
  const rows = await client.audit.list({ limit: 100 })
  expect(rows.filter(({ action }) => action === 'device.searched').map(({ subject }) => subject)).toEqual([
    '127.0.0.8/30',
  ])
})
