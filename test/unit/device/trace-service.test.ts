import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { replayReport } from '../../../electron/host/device/replay.ts'
import { TraceFiles } from '../../../electron/host/device/traces/trace-files.ts'
import { TraceService, type TraceServiceOptions } from '../../../electron/host/device/traces/trace-service.ts'
import { readTrace } from '../../../electron/host/link/trace/format.ts'
import { tappedOpener } from '../../../electron/host/link/trace/tap.ts'
import { startSmp } from '../../../electron/sim/start-smp.ts'
import type { DeviceKey } from '../../../shared/model/device.ts'
import { clock, driver, never, ports, profileOf } from '../../fixtures/devices/bench.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const KEY = 'acme-crane:TRC-1'
const profile = profileOf('acme-crane')
const [binding] = profile.drivers

function service(dir: string, address: string, change: Partial<TraceServiceOptions> = {}) {
  const recorded: string[] = []
  const traces = new TraceService({
    files: new TraceFiles(dir),
    now: () => Date.UTC(2026, 10, 20, 17, 45),
    monotonic: () => performance.now(),
    whereIs: (key: DeviceKey) => (key === KEY && binding ? { address, candidate: { profile, binding, driver } } : null),
    deviceAt: (at) => (at === address ? KEY : null),
    credential: async () => null,
    record: async (at, by) => recorded.push(`${by} ${at}`),
    ...change,
  })
  onTestFinished(() => traces.close())
  return { traces, recorded }
}

async function crane() {
  const sim = await startSmp(
    { kind: 'smp', type: 'acme-crane', serial: 'TRC-1', transport: 'memory', bootMs: 5 },
    ports,
  )
  onTestFinished(() => sim.close())
  return sim
}

test('a recording of a device explains itself: whoever gets the file can ask the device in it', async () => {
  const sim = await crane()
  const { traces, recorded } = service(tempDir(), sim.address)
  const opener = tappedOpener(ports.opener, traces.writerAt)
  const link = await opener.open(sim.address, {}, never)
  if (!binding) throw new Error('a profile has drivers')
  const device = { link, profile, binding, clock, credential: null }
  await driver.identify(device, never)

  const row = await traces.start({ device: KEY }, 'ada')
  expect(row).toMatchObject({ state: 'recording', device: KEY, driver: 'smp', address: sim.address, endedAt: null })
  expect(recorded).toEqual([`ada ${sim.address}`])
  await expect(traces.start({ address: sim.address }, 'ada')).rejects.toMatchObject({ code: 'trace.recording' })
  await driver.identify(device, never)
  await driver.status(device, never)
  expect(traces.list()[0]?.events).toBeGreaterThan(5)
  expect(() => traces.remove(row.id)).toThrow('trace.recording')
  const stopped = traces.stop(row.id)
  expect(stopped).toMatchObject({ state: 'stopped', endedAt: expect.any(Number) })
  // After that nothing is written any more.
  await driver.status(device, never)
  expect(traces.list()[0]).toEqual(stopped)
  await link.close()

  expect(statSync(row.path).mode & 0o777).toBe(0o600)
  const report = await replayReport(await readTrace([readFileSync(row.path)]), never)
  expect(report).toMatchObject({
    type: 'acme-crane',
    driver: 'smp',
    identity: { type: 'acme-crane', serial: 'TRC-1' },
    status: { mode: 'application', versions: { app: '2.4.0' } },
    trouble: null,
  })
})

test('what was recorded is there after a restart; what a power cut left is told from what is whole', async () => {
  const dir = tempDir()
  const { traces } = service(dir, 'sim:x')
  const whole = await traces.start({ address: 'sim:x' }, 'ada')
  traces.close()
  const text = readFileSync(whole.path, 'utf8')
  writeFileSync(join(dir, 'cut.jsonl'), text.split('\n')[0] ?? '')
  writeFileSync(join(dir, 'nonsense.jsonl'), 'hello')
  const later = service(dir, 'sim:x').traces
  expect(later.list().map(({ id, state, device }) => [id, state, device])).toEqual([
    [whole.id, 'closed', KEY],
    ['cut', 'cut', KEY],
  ])
  const first = later.read(whole.id, 0)
  expect(Buffer.from(first.bytes, 'base64').toString('utf8')).toBe(text)
  expect(first).toMatchObject({ next: text.length, length: text.length })
  expect(later.read(whole.id, 10)).toMatchObject({ next: text.length, length: text.length })
  // One second later, another name.
  expect((await later.start({ address: 'sim:x' }, 'ada')).id).not.toBe(whole.id)
  later.remove('cut')
  expect(later.list()).toHaveLength(2)
  for (const act of [() => later.stop('../../etc/passwd'), () => later.read('cut', 0), () => later.remove('cut')]) {
    expect(act).toThrow('trace.unknown')
  }
})

test('a device that is away cannot be recorded, and a folder that cannot be written says so', async () => {
  const { traces } = service(tempDir(), 'sim:x')
  await expect(traces.start({ device: 'acme-crane:OTHER' }, 'ada')).rejects.toMatchObject({ code: 'device.gone' })
  await expect(traces.start({}, 'ada')).rejects.toMatchObject({ code: 'rpc.bad-input' })
  const file = join(tempDir(), 'file')
  writeFileSync(file, '')
  const blocked = service(join(file, 'traces'), 'sim:x').traces
  await expect(blocked.start({ address: 'sim:x' }, 'ada')).rejects.toMatchObject({ code: 'trace.unwritable' })
  expect(blocked.list()).toEqual([])
})

test('a login that is in use is in no recording', async () => {
  const { traces } = service(tempDir(), 'sim:x', {
    credential: async () => ({ username: 'tech', password: 'open sesame' }),
  })
  const { path } = await traces.start({ address: 'sim:x' }, 'ada')
  const writer = traces.writerAt('sim:x')
  writer?.note({ is: 'out', data: writer.data(Buffer.from('login open sesame\r')) })
  traces.close()
  const [, line = ''] = readFileSync(path, 'utf8').split('\n')
  const { data } = JSON.parse(line) as { data: string }
  expect(Buffer.from(data, 'base64').toString()).toBe('login ***********\r')
})
