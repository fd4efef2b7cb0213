import { expect, test } from 'vitest'
import type { DatagramLink } from '../../../electron/host/link/link.ts'
import { memoryBytePair, memoryDatagramPair } from '../../../electron/host/link/memory.ts'
import type { SmpBody } from '../../../electron/host/protocol/smp/body.ts'
import { SmpClient } from '../../../electron/host/protocol/smp/client.ts'
import { ConsoleDecoder, encodeConsole } from '../../../electron/host/protocol/smp/console-framing.ts'
import {
  echo,
  readBootloader,
  readInfo,
  readParams,
  readStat,
  reset,
  runShell,
} from '../../../electron/host/protocol/smp/os.ts'
import { decodePacket, encodePacket, type SmpPacket } from '../../../electron/host/protocol/smp/packet.ts'
import { smpTransport } from '../../../electron/host/protocol/smp/transport.ts'

const never = new AbortController().signal
const quick = { timeout: 40, tries: 3 }
const params = { op: 'read', group: 0, id: 6 } as const

/** A device that answers each request as told; the list of what came. */
function device(
  answer: (packet: SmpPacket, n: number, send: (reply: Partial<SmpPacket> & { body: SmpBody }) => void) => void,
) {
  const [near, far] = memoryDatagramPair('udp://x:1')
  const asked: SmpPacket[] = []
  const serve = async (link: DatagramLink) => {
    for (;;) {
      const packet = decodePacket(await link.receive(never))
      asked.push(packet)
      answer(packet, asked.length, (reply) => {
        void link.send(encodePacket({ ...packet, op: packet.op === 0 ? 1 : 3, ...reply }), never)
      })
    }
  }
  serve(far).catch(() => {})
  return { client: new SmpClient(smpTransport(near), 250), asked, near }
}

test('the answer is the one with the same number, group, command and operation', async () => {
  const { client } = device((packet, _, send) => {
    send({ body: { wrong: 'seq' }, seq: (packet.seq + 1) & 0xff })
    send({ body: { wrong: 'group' }, group: 1 })
    send({ body: { wrong: 'id' }, id: 5 })
    send({ body: { wrong: 'op' }, op: 3 })
    send({ body: { right: true } })
    send({ body: { wrong: 'second' } })
  })
  expect(await client.exchange(params, quick, never)).toEqual({ right: true })
})

test('a request without an answer is sent again under its number; numbers go round at 255', async () => {
  const { client, asked } = device((_, n, send) => n % 3 === 0 && send({ body: {} }))
  for (let i = 0; i < 3; i += 1) await client.exchange(params, quick, never)
  expect(asked.map(({ seq }) => seq)).toEqual([251, 251, 251, 252, 252, 252, 253, 253, 253])
  for (let i = 0; i < 3; i += 1) await client.exchange(params, quick, never)
  expect(asked.at(-1)?.seq).toBe(0)
})

test('an answer to an earlier sending of the same request counts', async () => {
  const { client } = device((_, n, send) => {
    if (n === 1) setTimeout(() => send({ body: { late: true } }), 60)
  })
  expect(await client.exchange(params, quick, never)).toEqual({ late: true })
})

test('silence ends with how often and how long', async () => {
  const { client, asked } = device(() => {})
  await expect(client.exchange(params, quick, never)).rejects.toMatchObject({
    code: 'device.no-answer',
    detail: { sent: 3, waitedMs: 120, group: 0, id: 6 },
  })
  expect(asked).toHaveLength(3)
})

test('several requests at once find their own answers, in whatever order they come', async () => {
  const { client } = device((packet, n, send) => setTimeout(() => send({ body: { id: packet.id } }), 30 - 10 * n))
  const ids = [0, 6, 7]
  const answers = await Promise.all(ids.map((id) => client.exchange({ ...params, id }, quick, never)))
  expect(answers).toEqual(ids.map((id) => ({ id })))
})

test('a device without a free buffer is asked again a little later', async () => {
  const { client, asked } = device((_, n, send) => send({ body: n === 1 ? { rc: 2 } : { ok: 1 } }))
  expect(await client.ask(params, quick, never)).toEqual({ ok: 1 })
  expect(asked).toHaveLength(2)
})

test.each([
  [{ rc: 11 }, 'device.unauthorised', 'access-denied'],
  [{ rc: 8 }, 'device.refused', 'not-supported'],
  [{ err: { group: 1, rc: 24 } }, 'device.image-corrupt', 'bad-hash'],
  [{ err: { group: 1, rc: 27 } }, 'device.image-rejected', 'running-version-newer'],
  [{ err: { group: 1, rc: 999 } }, 'device.refused', 'other'],
  [{ err: 'rubbish' }, 'device.refused', 'unknown'],
  [{ rc: 'rubbish' }, 'device.refused', 'unknown'],
])('%j is %s', async (body, code, reason) => {
  const { client } = device((_, __, send) => send({ body }))
  await expect(client.ask({ op: 'write', group: 1, id: 0 }, quick, never)).rejects.toMatchObject({
    code,
    detail: { reason },
  })
})

test('what is no CBOR is a bad frame, for who asked and nobody else', async () => {
  const [near, far] = memoryDatagramPair('udp://x:1')
  const client = new SmpClient(smpTransport(near), 0)
  const asking = client.exchange(params, quick, never)
  const request = decodePacket(await far.receive(never))
  const reply = encodePacket({ ...request, op: 1, body: { a: 1 } })
  reply[8] = 0xff
  await far.send(Buffer.from('no packet at all'), never)
  await far.send(reply, never)
  await expect(asking).rejects.toMatchObject({ code: 'device.bad-frame' })
})

test('a link that is lost ends what waits and what comes after', async () => {
  const { client, near } = device(() => {})
  const asking = client.exchange(params, { timeout: 5000, tries: 1 }, never)
  setTimeout(() => void near.close(), 10)
  await expect(asking).rejects.toMatchObject({ code: 'link.lost' })
  await expect(client.exchange(params, quick, never)).rejects.toMatchObject({ code: 'link.lost' })
})

test('a wish to stop ends the wait, not the client', async () => {
  const { client } = device((_, n, send) => n > 1 && send({ body: { n } }))
  const stop = new AbortController()
  const asking = client.exchange(params, { timeout: 5000, tries: 1 }, stop.signal)
  setTimeout(() => stop.abort(), 10)
  await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
  expect(await client.exchange(params, quick, never)).toEqual({ n: 2 })
})

test('params: as said, or cautious where the device would not say', async () => {
  const said = device((_, __, send) => send({ body: { buf_size: 384, buf_count: 4 } }))
  expect(await readParams(said.client, quick, never)).toEqual({ bufSize: 384, bufCount: 4 })
  const unsupported = device((_, __, send) => send({ body: { rc: 8 } }))
  expect(await readParams(unsupported.client, quick, never)).toEqual({ bufSize: null, bufCount: 1 })
  const silly = device((_, __, send) => send({ body: { buf_size: 0, buf_count: -3 } }))
  expect(await readParams(silly.client, quick, never)).toEqual({ bufSize: null, bufCount: 1 })
  const wrong = device((_, __, send) => send({ body: { buf_size: 'big' } }))
  await expect(readParams(wrong.client, quick, never)).rejects.toMatchObject({ code: 'device.bad-frame' })
})

test('a restart is ordered once, whatever becomes of the answer', async () => {
  const { client, asked } = device(() => {})
  await expect(reset(client, 40, never)).rejects.toMatchObject({ code: 'device.no-answer' })
  expect(asked).toHaveLength(1)
})

test('shell results: new servers, old servers, refusals', async () => {
  const shell = (body: SmpBody) => runShell(device((_, __, send) => send({ body })).client, ['x'], quick, never)
  expect(await shell({ o: 'out', ret: 0 })).toEqual({ output: 'out', code: 0 })
  expect(await shell({ o: 'out', ret: -8 })).toEqual({ output: 'out', code: -8 })
  // A command's own result in the place of an error.
  expect(await shell({ o: 'out', rc: 3 })).toEqual({ output: 'out', code: 3 })
  await expect(shell({ rc: 8 })).rejects.toMatchObject({ code: 'device.refused' })
  await expect(shell({ err: { group: 9, rc: 2 } })).rejects.toMatchObject({ code: 'device.refused' })
})

test('over a console: one write a packet, after a line feed of its own when something was lost', async () => {
  const [near, far] = memoryBytePair('serial:x')
  const client = new SmpClient(smpTransport(near), 0)
  const decoder = new ConsoleDecoder()
  const wire: string[] = []
  const serve = async () => {
    for (let n = 1; ; n += 1) {
      const bytes = await far.read(never)
      wire.push(bytes.length > 1 ? 'frame' : Buffer.from(bytes).toString())
      const [packet] = decoder.push(bytes).packets
      if (!packet || n === 3) continue
      const asked = decodePacket(packet)
      const reply = encodePacket({ ...asked, op: 3, body: { r: asked.body.d } })
      await far.write(Buffer.concat([Buffer.from('uart:~$ '), encodeConsole(reply)]), never)
    }
  }
  serve().catch(() => {})
  for (const word of ['one', 'two', 'three']) expect(await echo(client, word, quick, never)).toBe(word)
  // The first of a session, the one that got no answer, its second sending, and the next.
  expect(wire).toEqual(['\n', 'frame', 'frame', '\n', 'frame', 'frame'])
})

test('statistics, application info and the boot loader', async () => {
  const { client } = device(({ group, id, body }, _, send) => {
    if (group === 2) send({ body: { name: body.name, fields: { a: 1, b: 'x', c: 2 } } })
    else if (id === 7) send({ body: { output: 'Zephyr 4.2' } })
    else send({ body: body.query === 'mode' ? { mode: 3 } : { bootloader: 'MCUboot' } })
  })
  expect({ ...(await readStat(client, 'power', quick, never)) }).toEqual({ a: 1, c: 2 })
  expect(await readInfo(client, 'sv', quick, never)).toBe('Zephyr 4.2')
  expect(await readBootloader(client, never)).toEqual({ name: 'MCUboot', mode: 3 })
})
