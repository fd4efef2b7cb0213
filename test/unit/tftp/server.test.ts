import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { DatagramServer } from '../../../electron/host/link/link.ts'
import { udpOpener } from '../../../electron/host/link/udp.ts'
import { openUdpServer } from '../../../electron/host/link/udp-server.ts'
import { encodeData, parseTftp } from '../../../electron/host/protocol/tftp/packets.ts'
import { type ServedFile, serveFile } from '../../../electron/host/protocol/tftp/serve.ts'
import { TFTP_START, tftpTurn } from '../../../electron/host/protocol/tftp/server.ts'
import { fetchByTftp } from '../../../electron/sim/boot/tftp-client.ts'
import { AppError } from '../../../shared/errors.ts'
import { clock, never } from '../../fixtures/devices/bench.ts'

const PEER = '127.0.0.1'
const words = (...text: string[]) => new Uint8Array(Buffer.from(text.map((word) => `${word}\0`).join(''), 'latin1'))
const packet = (opcode: number, rest: Uint8Array) => Uint8Array.of(0, opcode, ...rest)
const request = (file: string, ...options: string[]) => packet(1, words(file, 'octet', ...options))
const ack = (block: number) => Uint8Array.of(0, 4, block >> 8, block & 0xff)

const image = Uint8Array.from({ length: 30_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff)
const served = (bytes: Uint8Array, change: Partial<ServedFile> = {}): ServedFile => ({
  name: 'abc',
  length: bytes.length,
  clock,
  patienceMs: 3000,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
  progress() {},
  between: async () => {},
  ...change,
})

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

async function serve(): Promise<DatagramServer> {
  const server = await openUdpServer(PEER, 0, never)
  onTestFinished(() => server.close())
  return server
}

async function client(port: number) {
  const link = await udpOpener().open(`udp://${PEER}:${port}`, {}, never)
  onTestFinished(() => link.close())
  if (link.kind !== 'udp') throw new Error('datagrams')
  return link
}

test.for([
  { size: 30_000, blockSize: 1468 },
  { size: 30_000, blockSize: 512 },
  // The last block is empty.
  { size: 4096, blockSize: 1024 },
  // More than was asked for is never sent, nor more than fits.
  { size: 5000, blockSize: 9000 },
  { size: 1, blockSize: 8 },
])('a file of $size bytes in blocks of $blockSize', async ({ size, blockSize }) => {
  const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) & 0xff)
  const server = await serve()
  const progress: number[] = []
  const all = serveFile(server, served(bytes, { progress: (done) => progress.push(done) }), never)
  const got = await fetchByTftp(await client(server.port), 'abc', blockSize, never)
  await all
  expect(Buffer.from(got).equals(Buffer.from(bytes))).toBe(true)
  expect(progress.at(-1)).toBe(size)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
})

test('block numbers begin anew behind 65535', () => {
  const file = { name: 'abc', length: 600_001 }
  let { state } = tftpTurn(TFTP_START, file, { kind: 'packet', port: 1, bytes: request('abc', 'blksize', '8') })
  for (let block = 0; block <= 75_000; block += 1) {
    const turn = tftpTurn(state, file, { kind: 'packet', port: 1, bytes: ack(block & 0xffff) })
    state = turn.state
    expect(turn.reply).toMatchObject({ offset: block * 8, length: Math.min(8, 600_001 - block * 8) })
  }
  expect(tftpTurn(state, file, { kind: 'packet', port: 1, bytes: ack(75_001 & 0xffff) }).state.phase).toBe('done')
})

test('of anything but the one file nothing is told', async () => {
  const server = await serve()
  const link = await client(server.port)
  const ended = serveFile(server, served(image), never)
  for (const file of ['abd', '', '../abc', '/etc/passwd', 'ABC', 'abc/']) {
    await link.send(request(file), never)
    expect(parseTftp(await link.receive(never)), file).toMatchObject({ kind: 'error', code: 1 })
  }
  await link.send(packet(2, words('abc', 'octet')), never)
  expect(parseTftp(await link.receive(never))).toMatchObject({ kind: 'error', code: 2 })
  await link.send(packet(1, words('abc', 'netascii')), never)
  expect(parseTftp(await link.receive(never))).toMatchObject({ kind: 'error', code: 4 })
  expect(Buffer.from(await fetchByTftp(link, 'abc', 1468, never)).equals(Buffer.from(image))).toBe(true)
  await ended
})

test('another machine is not even refused', async () => {
  const server = await openUdpServer('127.0.0.2', 0, never)
  onTestFinished(() => server.close())
  const [stranger, device] = [createSocket('udp4').bind(0, '127.0.0.3'), createSocket('udp4').bind(0, '127.0.0.2')]
  sockets.push(stranger, device)
  await Promise.all([once(stranger, 'listening'), once(device, 'listening')])
  const heard: string[] = []
  stranger.on('message', () => heard.push('stranger'))
  device.on('message', () => heard.push('device'))
  const stop = new AbortController()
  const ended = serveFile(server, served(image), stop.signal)
  ended.catch(() => {})
  stranger.send(request('abc'), server.port, server.address)
  stranger.send(request('abc'), server.port, server.address)
  device.send(request('abc'), server.port, server.address)
  await expect.poll(() => heard).toEqual(['device'])
  stop.abort()
  await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
})

test('a client that gave up and asks again from another port is served from the beginning', () => {
  const file = { name: 'abc', length: 2000 }
  const first = tftpTurn(TFTP_START, file, { kind: 'packet', port: 1000, bytes: request('abc') })
  expect(first.reply).toMatchObject({ port: 1000, block: 1, offset: 0, length: 512 })
  const second = tftpTurn(first.state, file, { kind: 'packet', port: 1000, bytes: ack(1) })
  const anew = tftpTurn(second.state, file, { kind: 'packet', port: 1001, bytes: request('abc', 'blksize', '1024') })
  expect(anew.reply).toMatchObject({ port: 1001 })
  // And what the old one still says counts for nothing.
  expect(tftpTurn(anew.state, file, { kind: 'packet', port: 1000, bytes: ack(0) })).toEqual({
    state: anew.state,
    reply: null,
  })
})

test('an old acknowledgement that comes twice is not answered twice', () => {
  const file = { name: 'abc', length: 5000 }
  let { state } = tftpTurn(TFTP_START, file, { kind: 'packet', port: 1000, bytes: request('abc') })
  ;({ state } = tftpTurn(state, file, { kind: 'packet', port: 1000, bytes: ack(1) }))
  expect(tftpTurn(state, file, { kind: 'packet', port: 1000, bytes: ack(1) }).reply).toBeNull()
  expect(tftpTurn(state, file, { kind: 'silence' }).reply).toMatchObject({ block: 2, offset: 512 })
})

test('options: what is taken, and what is left out', () => {
  const answer = (...options: string[]) => {
    const { reply } = tftpTurn(
      TFTP_START,
      { name: 'abc', length: 77 },
      { kind: 'packet', port: 1, bytes: request('abc', ...options) },
    )
    return reply && 'bytes' in reply ? Buffer.from(reply.bytes.subarray(2)).toString('latin1') : reply?.block
  }
  // What U-Boot asks for. Five seconds are too long to wait for a lost packet.
  expect(answer('timeout', '5', 'blksize', '1468', 'tsize', '0')).toBe('blksize\u00001468\0tsize\u000077\0')
  expect(answer('BLKSIZE', '65464', 'Timeout', '1')).toBe('blksize\u00001468\0timeout\u00001\0')
  expect(answer('blksize', '7', 'windowsize', '8')).toBe(1)
  expect(answer('blksize', '1e3')).toBe(1)
})

test('nobody asks, nobody goes on, the client gives up, the operator does: each in its own words', async () => {
  const nobody = serveFile(await serve(), served(image, { patienceMs: 30 }), never)
  await expect(nobody).rejects.toMatchObject({ code: 'device.write-failed', detail: { reason: 'no-request' } })

  const stalls = await serve()
  const silent = serveFile(stalls, served(image, { patienceMs: 60 }), never)
  silent.catch(() => {})
  await (await client(stalls.port)).send(request('abc'), never)
  await expect(silent).rejects.toMatchObject({ code: 'device.write-failed', detail: { reason: 'stalled', done: 0 } })

  const gives = await serve()
  const given = serveFile(gives, served(image), never)
  given.catch(() => {})
  const link = await client(gives.port)
  await link.send(request('abc'), never)
  await link.receive(never)
  await link.send(packet(5, Uint8Array.of(0, 3, ...words('disk\u001b full'))), never)
  await expect(given).rejects.toMatchObject({ detail: { reason: 'refused', number: 3, said: 'disk? full' } })

  const stopped = serveFile(
    await serve(),
    served(image, { between: () => Promise.reject(new AppError('cancelled')) }),
    never,
  )
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
})

test('a file that is shorter than it was said to be ends no transfer', async () => {
  const server = await serve()
  const cut = serveFile(server, served(image, { length: 40_000 }), never)
  cut.catch(() => {})
  const stop = new AbortController()
  const got = fetchByTftp(await client(server.port), 'abc', 1468, stop.signal).catch(() => 'nothing')
  await expect(cut).rejects.toMatchObject({ code: 'artifact.corrupt' })
  stop.abort()
  expect(await got).toBe('nothing')
})

test('what is no request, by its bytes', () => {
  const bad = [
    [],
    [0, 1, 0],
    [0, 9, 0, 0],
    [0, 3, 0, 1],
    [0, 1, 97, 98],
    [0, 1, 97, 0],
    [0, 1, 97, 0, 98, 0, 99, 0],
    [0, 6, 0, 0],
  ]
  for (const bytes of bad) {
    expect(() => parseTftp(Uint8Array.from(bytes)), String(bytes)).toThrow(
      expect.objectContaining({ code: 'device.bad-frame' }),
    )
  }
  expect([...encodeData(65_537, Uint8Array.of(9))]).toEqual([0, 3, 0, 1, 9])
})

test('a port for administrators, a name instead of an address, and a port that is taken', async () => {
  await expect(openUdpServer('device.local', 0, never)).rejects.toMatchObject({ code: 'link.bad-address' })
  const first = await serve()
  await expect(openUdpServer(PEER, first.port, never)).rejects.toMatchObject({ code: 'link.busy' })
})
