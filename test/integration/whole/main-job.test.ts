import { expect, test } from 'vitest'
import { isFinal } from '../../../shared/model/run.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import {
  harbourDepot,
  machineOf,
  machineSim,
  settleIn,
  type Transport,
  waitForMachine,
} from '../../fixtures/whole/harbour.ts'
import { first, until } from '../../fixtures/whole/watching.ts'

/** The main job, end to end, over the contract of a host in a process of its own. */
test.for<Transport>(['smp-serial', 'smp-udp', 'swupdate'])(
  '%s: published, synced, taken offline, proved safe, updated, read back, uploaded, receipted',
  async (transport) => {
    const machine = machineOf(transport)
    const sim = await machineSim(transport, tempDir())
    const harbour = await harbourDepot({ [transport]: sim })
    const { client } = await startConsoleProcess(tempDir())
    await settleIn(client, harbour)
    await waitForMachine(client, machine.key)

    const board = await until(client.site.board, null, ({ rows }) => rows[0]?.plan != null)
    expect(board.rows).toMatchObject([
      { key: machine.key, group: 'to-update', running: { [machine.component]: machine.from } },
    ])

    const { run } = await client.runs.start({ plan: harbour.plans[transport], device: machine.key })
    const done = await until(client.runs.one, { run }, ({ phase }) => isFinal(phase), 60_000)
    expect(done).toMatchObject({
      phase: 'succeeded',
      result: { device: 'runs-new', readBack: { [machine.component]: machine.to } },
    })
    expect(sim.state()).toMatchObject({ version: machine.to, trial: false })
    await until(client.site.board, null, ({ rows }) => rows[0]?.group === 'up-to-date')

    const before = await first(client.audit.state, null)
    expect(before.sealing).toBe(true)
    // What happened before the first sync went up with it.
    expect(before.lastReceipt?.last).toBeLessThan(before.lastSeq)
    expect(before.toUpload).toBeGreaterThan(8)
    await client.sync.setOffline({ offline: false })
    await client.sync.start({})
    const after = await first(client.audit.state, null)
    expect(after).toMatchObject({ toUpload: 0, lastError: null })
    expect(after.lastReceipt?.last).toBeGreaterThanOrEqual(before.lastSeq)
    expect(await client.audit.verify(null)).toMatchObject({ ok: true })

    const rows = await client.audit.list({ limit: 200 })
    const story = rows.map(({ action }) => action).toReversed()
    expect(story).toEqual(
      expect.arrayContaining(['trust.adopted', 'people.signed-in', 'run.started', 'run.intent', 'run.ended']),
    )
    expect(rows.find(({ action }) => action === 'run.started')?.actor).toMatch(/^kari-nordmann-/)
    expect((await first(client.runs.one, { run })).actor).toMatch(/^kari-nordmann-/)
  },
)
