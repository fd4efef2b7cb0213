import { expect, it, onTestFinished } from 'vitest'
import { Db } from '../../../electron/host/store/db.ts'
import { factQueries } from '../../../electron/host/store/facts.ts'
import { NetworkGate } from '../../../electron/host/sync/network-gate.ts'
import { RecordingRecorder } from '../../fixtures/recording-recorder.ts'

function scene() {
  const db = Db.open(':memory:')
  onTestFinished(() => db.close())
  const facts = factQueries(db)
  const recorder = new RecordingRecorder(db)
  return { facts, recorder, gate: new NetworkGate(facts, recorder) }
}
const untilStopped = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'))
  })

it('lets one conversation happen at a time', async () => {
  const { gate } = scene()
  const first = gate.run(untilStopped)
  await expect(gate.run(async () => 'second')).rejects.toMatchObject({ code: 'sync.busy' })
  await gate.stop()
  // At once: whoever waited for the end may begin.
  expect(await gate.run(async () => 'third')).toBe('third')
  expect(await first).toBe('stopped')
})

it('is free again after a failure, and stopping nothing is fine', async () => {
  const { gate } = scene()
  await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await gate.stop()
  expect(await gate.run(async () => 1)).toBe(1)
})

it('begins nothing from the moment on at which offline is chosen', async () => {
  const { gate } = scene()
  const running = gate.run(untilStopped)
  const choosing = gate.setOffline(true, 'kari')
  await expect(gate.run(async () => 'late')).rejects.toMatchObject({ code: 'sync.offline' })
  await choosing
  expect(await running).toBe('stopped')
  await gate.setOffline(false, 'kari')
  expect(await gate.run(async () => 'back')).toBe('back')
})

it('stays as it was when the choice cannot be recorded', async () => {
  const { gate, recorder, facts } = scene()
  recorder.fault = new Error('disk full')
  await expect(gate.setOffline(true, 'kari')).rejects.toThrow('disk full')
  expect(gate.offline).toBe(false)
  recorder.fault = null
  await gate.setOffline(true, 'kari')
  expect(new NetworkGate(facts, recorder).offline).toBe(true)
})
