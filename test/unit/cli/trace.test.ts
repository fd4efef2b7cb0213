import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { TraceRow } from '../../../shared/contract/traces.ts'
import { cli } from '../../fixtures/fake-host/cli-harness.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/traces/${name}.jsonl`, import.meta.url))
const ROW: TraceRow = {
  id: '20261120-174500-sim-x',
  address: 'sim:x',
  device: null,
  driver: null,
  startedAt: 0,
  endedAt: null,
  state: 'recording',
  bytes: 6,
  events: 1,
  path: '/nowhere',
}
const FILE = 'a line of some length\n'.repeat(3)
/** A value that stays. */
const still = <T>(value: T) => ({ read: () => value, onChange: () => () => {} })
const answers = {
  'devices.list': () => still([]),
  'traces.start': () => ROW,
  'traces.list': () => still([{ ...ROW, state: 'full', endedAt: 1 }]),
  'traces.stop': () => ({ ...ROW, state: 'stopped', endedAt: 1 }),
  'traces.read': ({ offset = 0 }: { offset?: number }) => ({
    bytes: Buffer.from(FILE.slice(offset, offset + 20)).toString('base64'),
    next: Math.min(FILE.length, offset + 20),
    length: FILE.length,
  }),
}

test('a recording ends as it is full, and is fetched part by part into a private file', async () => {
  const out = join(tempDir(), 'crane.jsonl')
  const { code, calls, out: said } = await cli(['trace', 'record', 'sim:x', '--out', out], { answers })
  expect({ code, started: calls.find(([method]) => method === 'traces.start') }).toEqual({
    code: 0,
    started: ['traces.start', { address: 'sim:x' }],
  })
  expect(readFileSync(out, 'utf8')).toBe(FILE)
  expect(statSync(out).mode & 0o777).toBe(0o600)
  expect(said).toContain(out)
})

test('after a time, or at Ctrl-C, it ends too', async () => {
  const going = { ...answers, 'traces.list': () => still([ROW]) }
  const out = join(tempDir(), 'a.jsonl')
  const timed = await cli(['trace', 'record', 'sim:x', '--out', out, '--for', '0.05'], { answers: going })
  expect({ code: timed.code, file: readFileSync(out, 'utf8') }).toEqual({ code: 0, file: FILE })
  const stop = new AbortController()
  const second = join(tempDir(), 'b.jsonl')
  setTimeout(() => stop.abort(), 50)
  await cli(['trace', 'record', 'sim:x', '--out', second], { answers: going, signal: stop.signal })
  expect(readFileSync(second, 'utf8')).toBe(FILE)
})

test('a file that is there is not overwritten, and nothing is recorded for it', async () => {
  const out = join(tempDir(), 'crane.jsonl')
  writeFileSync(out, 'dear')
  const { code, calls, err } = await cli(['trace', 'record', 'sim:x', '--out', out], { answers })
  expect({ code, calls, text: readFileSync(out, 'utf8') }).toEqual({ code: 1, calls: [], text: 'dear' })
  expect(err).toContain('E-TRACE-UNWRITABLE')
})

test('a replay needs no host: what is in it, and what the driver makes of the device in it', async () => {
  const { code, out, opened } = await cli(['trace', 'replay', fixture('smp-serial')])
  expect({ code, opened }).toEqual({ code: 0, opened: null })
  for (const words of ['acme-crane', 'TR-1', 'app 2.4.0', 'identify, detach, write, restart, return, confirm']) {
    expect(out).toContain(words)
  }
  const json = await cli(['trace', 'replay', fixture('swupdate'), '--json'])
  expect(JSON.parse(json.out)).toMatchObject({ driver: 'swupdate', identity: { serial: 'W-REAL' }, trouble: null })
})

test('a file that is no recording is refused, and none is made up', async () => {
  const file = join(tempDir(), 'no.jsonl')
  writeFileSync(file, 'hello\n')
  expect(await cli(['trace', 'replay', file])).toMatchObject({
    code: 1,
    err: expect.stringContaining('E-TRACE-UNREADABLE'),
  })
  expect(existsSync(`${file}x`)).toBe(false)
  expect((await cli(['trace', 'replay', `${file}x`])).err).toContain('E-FILE-NOT-FOUND')
})
