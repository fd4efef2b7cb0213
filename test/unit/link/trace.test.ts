import { expect, test } from 'vitest'
import type { ControlLink, HttpLink, LinkOpener } from '../../../electron/host/link/link.ts'
import { memoryBytePair } from '../../../electron/host/link/memory.ts'
import { plainDialect } from '../../../electron/host/link/trace/dialect.ts'
import { faultyLink } from '../../../electron/host/link/trace/faulty.ts'
import { MAX_LINE, readTrace, TRACE_FORMAT, type TraceHeader } from '../../../electron/host/link/trace/format.ts'
import { replayTrace } from '../../../electron/host/link/trace/replay.ts'
import { scrubHeaders, scrubPath } from '../../../electron/host/link/trace/scrub.ts'
import { tapLink, tappedOpener } from '../../../electron/host/link/trace/tap.ts'
import { TraceWriter } from '../../../electron/host/link/trace/writer.ts'
import { AppError } from '../../../shared/errors.ts'
import { never } from '../../fixtures/devices/bench.ts'

function writerOf(kind: TraceHeader['kind'], options: { secrets?: string[]; limit?: number } = {}) {
  const lines: string[] = []
  const writer = new TraceWriter({
    header: {
      format: TRACE_FORMAT,
      address: 'x:1',
      kind,
      driver: null,
      device: null,
      startedAt: '2026-11-20T12:00:00.000Z',
      profile: null,
    },
    write: (line) => lines.push(line),
    now: () => lines.length * 10,
    ...options,
  })
  return { writer, lines, text: () => lines.join(''), trace: () => readTrace([Buffer.from(lines.join(''))]) }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const wire = (words: string) => Buffer.from(words, 'latin1')

/** A device that echoes what it is told, in capitals. */
async function shouting(link: ReturnType<typeof memoryBytePair>[1]): Promise<void> {
  for (;;) {
    const heard = text(await link.read(never))
    await link.write(wire(`${heard.toUpperCase()}>`), never)
  }
}

test('bytes are recorded both ways, and the replay says the same to the same', async () => {
  const [near, far] = memoryBytePair('x:1')
  void shouting(far).catch(() => {})
  const { writer, trace } = writerOf('memory')
  const link = tapLink(near, () => writer)
  if (link.kind !== 'memory') throw new Error('a memory link')
  for (const word of ['one', 'two']) {
    await link.write(wire(word), never)
    await link.read(never)
  }
  await link.close()
  writer.end('stopped')
  const recorded = await trace()
  expect(recorded.events.map(({ is }) => is)).toEqual(['open', 'out', 'in', 'out', 'in', 'close'])
  expect(recorded.end).toMatchObject({ why: 'stopped', events: 6 })

  const replay = replayTrace(recorded, { pace: 'at-once' })
  const again = await replay.open(never)
  if (again.kind !== 'memory') throw new Error('a memory link')
  // Not before "one" was delivered: that may have changed everything.
  await again.write(wire('two'), never)
  await again.write(wire('one'), never)
  expect(text(await again.read(never))).toBe('ONE>')
  await again.write(wire('two'), never)
  expect(text(await again.read(never))).toBe('TWO>')
  expect(replay.script).toMatchObject({ position: 3, unmatched: 1 })
})

test('a recording that starts in the middle begins with what the link is', async () => {
  const [near, far] = memoryBytePair('x:1')
  void shouting(far).catch(() => {})
  const { writer, trace } = writerOf('memory')
  let on = false
  const opener: LinkOpener = { scheme: 'sim', open: async () => near }
  const link = await tappedOpener(opener, (address) => (on && address === near.address ? writer : null)).open(
    'x:1',
    {},
    never,
  )
  if (link.kind !== 'memory') throw new Error('a memory link')
  await link.write(wire('unseen'), never)
  await link.read(never)
  on = true
  await link.write(wire('seen'), never)
  await link.read(never)
  on = false
  await link.write(wire('unseen'), never)
  const { events, end } = await trace()
  expect(events.map(({ is }) => is)).toEqual(['open', 'out', 'in'])
  // Nobody ended it: whoever reads it can see that.
  expect(end).toBeNull()
})

test('logins, cookies and passwords are in no trace, wherever they stand', async () => {
  const { writer, text: written, trace } = writerOf('http', { secrets: ['open sesame'] })
  const device: HttpLink = {
    kind: 'http',
    address: 'x:1',
    request: async () => ({
      status: 200,
      headers: { 'Set-Cookie': 'sid=topsecret', 'Content-Type': 'text/plain' },
      body: wire('you said open sesame'),
    }),
    socket: async () => ({ receive: async () => 'open sesame, indeed', close() {} }),
    close: async () => {},
  }
  const link = tapLink(device, () => writer)
  if (link.kind !== 'http') throw new Error('a web link')
  const headers = { Authorization: 'Digest response="topsecret"', 'X-Api-Key': 'topsecret', Accept: '*/*' }
  await link.request(
    { method: 'POST', path: '/login?token=topsecret&user=ada', headers, body: wire('password=open sesame') },
    never,
  )
  const socket = await link.socket('/ws?session=topsecret', headers, never)
  if ('receive' in socket) await socket.receive(never)
  expect(written()).not.toMatch(/topsecret|open sesame/)
  for (const data of [...written().matchAll(/"start":"([^"]+)"/g)].map(([, start]) => start ?? '')) {
    expect(Buffer.from(data, 'base64').toString('latin1')).not.toContain('open sesame')
  }
  const [, call] = (await trace()).events
  expect(call).toMatchObject({
    call: { path: '/login?token=(removed)&user=ada', headers: { authorization: '(removed)', accept: '*/*' } },
  })
  expect(scrubHeaders({ 'WWW-Authenticate': 'Digest nonce="1"' })).toEqual({ 'www-authenticate': 'Digest nonce="1"' })
  expect(scrubPath('/a/b')).toBe('/a/b')
})

test('a USB device answers as it did, and refuses what it refused', async () => {
  const { writer, trace } = writerOf('usb')
  const face = { vid: '0483', pid: 'df11', release: '1.0', manufacturer: null, product: null, serial: 'A' }
  const setup = { type: 'class', recipient: 'interface', request: 3, value: 0, index: 0 } as const
  let asked = 0
  const device: ControlLink = {
    kind: 'usb',
    address: 'x:1',
    face,
    claim: async () => {},
    select: async () => {},
    in: async () => {
      asked += 1
      if (asked === 2) throw new AppError('device.refused', { detail: { reason: 'stall' } })
      return Uint8Array.of(asked)
    },
    out: async () => {},
    bulkIn: async () => new Uint8Array(),
    bulkOut: async () => {},
    reset: async () => {},
    close: async () => {},
  }
  const link = tapLink(device, () => writer)
  if (link.kind !== 'usb') throw new Error('a USB link')
  await link.claim(0, never)
  await link.in(setup, 6, 100, never)
  await link.in(setup, 6, 100, never).catch(() => {})
  writer.end('stopped')
  const again = await replayTrace(await trace(), { pace: 'at-once' }).open(never)
  if (again.kind !== 'usb') throw new Error('a USB link')
  expect(again.face).toEqual(face)
  await again.claim(0, never)
  expect(await again.in(setup, 6, 100, never)).toEqual(Uint8Array.of(1))
  await expect(again.in(setup, 6, 100, never)).rejects.toMatchObject({
    code: 'device.refused',
    detail: { reason: 'stall' },
  })
  // A request that the trace does not know gets no answer.
  await expect(again.in({ ...setup, request: 9 }, 6, 5, never)).rejects.toMatchObject({ code: 'link.timeout' })
})

test('a trace is full at its limit, and still whole', async () => {
  const [near] = memoryBytePair('x:1')
  const { writer, text: written, trace } = writerOf('memory', { limit: 4000 })
  const link = tapLink(near, () => writer)
  if (link.kind !== 'memory') throw new Error('a memory link')
  for (let more = 0; more < 100; more += 1) await link.write(new Uint8Array(200), never)
  expect(written().length).toBeLessThanOrEqual(4000)
  expect(writer.ended).toBe('full')
  expect((await trace()).end).toMatchObject({ why: 'full' })
})

test('a disk that is full ends the recording and nothing else', async () => {
  const [near, far] = memoryBytePair('x:1')
  void shouting(far).catch(() => {})
  let room = 2
  const writer = new TraceWriter({
    header: {
      format: TRACE_FORMAT,
      address: 'x:1',
      kind: 'memory',
      driver: null,
      device: null,
      startedAt: '2026-11-20T12:00:00Z',
      profile: null,
    },
    now: () => 0,
    write: () => {
      room -= 1
      if (room < 0) throw new Error('ENOSPC')
    },
  })
  const link = tapLink(near, () => writer)
  if (link.kind !== 'memory') throw new Error('a memory link')
  await link.write(wire('one'), never)
  expect(text(await link.read(never))).toBe('ONE>')
  expect(writer.ended).toBe('failed')
})

test('what is no trace is refused, and one that was cut off is read as far as it goes', async () => {
  const [near] = memoryBytePair('x:1')
  const { writer, text: written } = writerOf('memory')
  const link = tapLink(near, () => writer)
  if (link.kind !== 'memory') throw new Error('a memory link')
  await link.write(wire('one'), never)
  await link.write(wire('two'), never)
  const whole = written()
  const cut = await readTrace([Buffer.from(whole.slice(0, -5))])
  expect(cut).toMatchObject({ end: null })
  expect(cut.events).toHaveLength(2)
  const bad: readonly [string, string][] = [
    ['', 'no-header'],
    ['{}\n', 'no-header'],
    [whole.replace('slipway.trace/1', 'slipway.trace/9'), 'no-header'],
    [`${whole}{"at":1,"is":"magic"}\n`, 'bad-line'],
    [`${whole}nonsense\n${whole}`, 'bad-line'],
    [`${whole}${'x'.repeat(MAX_LINE + 1)}`, 'long-line'],
    [`${whole}{"at":1,"is":"end","events":2,"why":"stopped"}\n{"at":2,"is":"note","text":"more"}\n`, 'after-the-end'],
  ]
  for (const [words, reason] of bad) {
    await expect(readTrace([Buffer.from(words)]), reason).rejects.toMatchObject({
      code: 'trace.unreadable',
      detail: { reason },
    })
  }
})

test('a bad line loses, doubles, cuts and swaps what goes over it, and is gone when it is unplugged', async () => {
  const cases = [
    ['drop', ''],
    ['duplicate', 'aabbcc'],
    ['reorder', 'bacc'],
  ] as const
  for (const [fault, wanted] of cases) {
    const [near, far] = memoryBytePair('x:1')
    let asked = 0
    const link = faultyLink(near, {
      chances: { [fault]: 1 },
      // What is left over is not held back for ever.
      random: () => {
        asked += 1
        return fault === 'reorder' && asked > 2 ? 1 : 0
      },
    })
    if (link.kind !== 'memory') throw new Error('a memory link')
    for (const letter of ['a', 'b', 'c']) await link.write(wire(letter), never)
    if (fault === 'reorder') await link.write(wire('c'), never)
    let got = ''
    while (got.length < wanted.length) got += text(await far.read(never))
    expect(got, fault).toBe(wanted)
    await link.close()
  }
  const [near] = memoryBytePair('x:1')
  const link = faultyLink(near, { chances: { unplug: 1 }, random: () => 0 })
  if (link.kind !== 'memory') throw new Error('a memory link')
  await expect(link.write(wire('a'), never)).rejects.toMatchObject({ code: 'link.lost' })
  await expect(link.write(wire('a'), never)).rejects.toMatchObject({ code: 'link.lost' })
  await link.close()
})

test('an empty line changes nothing, and anything else may', () => {
  expect(plainDialect.changes(wire('\r\n'))).toBe(false)
  expect(plainDialect.changes(wire('reset\r'))).toBe(true)
})
