import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { httpOpener } from '../../../electron/host/link/http.ts'
import type { HttpLink, TextSocket } from '../../../electron/host/link/link.ts'
import { AppError } from '../../../shared/errors.ts'

const never = new AbortController().signal
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUps.splice(0).toReversed()) await clean()
})

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

async function serve(listener: Listener): Promise<{ server: Server; link: HttpLink }> {
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const link = (await httpOpener('http').open(`http://127.0.0.1:${port}`, {}, never)) as HttpLink
  cleanUps.push(() => server.closeAllConnections())
  cleanUps.push(() => server.close())
  cleanUps.push(() => link.close())
  return { server, link }
}

async function bytesOf(request: IncomingMessage): Promise<number> {
  let length = 0
  for await (const part of request) length += (part as Buffer).length
  return length
}

test('a reply of any status is a reply', async () => {
  const { link } = await serve((_, response) => response.writeHead(404, { 'x-a': 'b' }).end('no'))
  const reply = await link.request({ method: 'GET', path: '/x' }, never)
  expect(reply).toMatchObject({ status: 404, headers: { 'x-a': 'b' } })
  expect(Buffer.from(reply.body).toString()).toBe('no')
})

test('a streamed body has a length and is made no faster than the device takes it', async () => {
  const [parts, size] = [400, 64 * 1024]
  let [made, madeBeforeReading] = [0, 0]
  const { link } = await serve(async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    madeBeforeReading = made
    response.end(`${request.headers['content-length']} ${await bytesOf(request)}`)
  })
  async function* body() {
    for (; made < parts; made += 1) yield new Uint8Array(size)
  }
  const reply = await link.request({ method: 'POST', path: '/upload', body: body(), length: parts * size }, never)
  expect(Buffer.from(reply.body).toString()).toBe(`${parts * size} ${parts * size}`)
  expect(madeBeforeReading).toBeLessThan(parts)
})

test('a piece of a body may be written over once the next is asked for', async () => {
  const [parts, size] = [60, 256 * 1024]
  const { link } = await serve(async (request, response) => {
    let [at, wrong] = [0, 0]
    for await (const part of request) {
      for (const byte of part as Buffer) wrong += byte === Math.floor(at++ / size) ? 0 : 1
    }
    response.end(`${at} ${wrong}`)
  })
  async function* body() {
    const memory = new Uint8Array(size)
    for (let made = 0; made < parts; made += 1) yield memory.fill(made)
  }
  const reply = await link.request({ method: 'POST', path: '/upload', body: body(), length: parts * size }, never)
  expect(Buffer.from(reply.body).toString()).toBe(`${parts * size} 0`)
})

test('a POST without a body says that its length is 0', async () => {
  const { link } = await serve((request, response) => response.end(request.headers['content-length']))
  const reply = await link.request({ method: 'POST', path: '/restart' }, never)
  expect(Buffer.from(reply.body).toString()).toBe('0')
})

test('an answer before the end of the body stops the body', async () => {
  const { link } = await serve((_, response) => response.writeHead(401, { connection: 'close' }).end())
  let made = 0
  async function* body() {
    for (; made < 10_000; made += 1) yield new Uint8Array(64 * 1024)
  }
  const reply = await link.request({ method: 'POST', path: '/', body: body(), length: 10_000 * 64 * 1024 }, never)
  expect(reply.status).toBe(401)
  expect(made).toBeLessThan(10_000)
})

test('what stops the body is what the caller gets', async () => {
  const { link } = await serve(async (request, response) => {
    await bytesOf(request).catch(() => 0)
    response.end()
  })
  async function* body() {
    yield new Uint8Array(10)
    throw new AppError('condition.changed-while-writing')
  }
  await expect(link.request({ method: 'POST', path: '/', body: body(), length: 100 }, never)).rejects.toMatchObject({
    code: 'condition.changed-while-writing',
  })
})

test.each([
  ['a reset while sending', (request: IncomingMessage) => request.socket.resetAndDestroy(), 'link.lost'],
  ['a close without an answer', (request: IncomingMessage) => request.socket.destroy(), 'link.lost'],
  ['an answer that is not HTTP', (request: IncomingMessage) => request.socket.end('rubbish\r\n\r\n'), 'link.io'],
])('%s', async (_, act, code) => {
  const { link } = await serve((request) => act(request))
  await expect(link.request({ method: 'POST', path: '/', body: new Uint8Array(1000) }, never)).rejects.toMatchObject({
    code,
  })
})

test('nobody there is link.refused; a wish to stop is cancelled', async () => {
  const { server, link } = await serve(() => {})
  const stop = new AbortController()
  const waiting = link.request({ method: 'GET', path: '/' }, stop.signal)
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(link.request({ method: 'GET', path: '/' }, never)).rejects.toMatchObject({ code: 'link.refused' })
})

test('a malformed but readable reply, as SWUpdate sends it, is a 200', async () => {
  const { link } = await serve((request) => {
    request.socket.end(
      'HTTP/1.1 200 OK\r\n%sContent-Length: 0000000043\r\n\r\nContent-Type: text/plain\r\nConnection: close\r\nOk, good.swu - 8 bytes.\r\n',
    )
  })
  expect((await link.request({ method: 'GET', path: '/' }, never)).status).toBe(200)
})

test('a reply without end is cut off', async () => {
  const { link } = await serve(async (_, response) => {
    for (let i = 0; i < 100 && !response.destroyed; i += 1) {
      if (!response.write(new Uint8Array(1024 * 1024))) {
        await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
      }
    }
  })
  await expect(link.request({ method: 'GET', path: '/' }, never)).rejects.toMatchObject({ code: 'device.bad-frame' })
})

test('socket frames come in order, and the end is null', async () => {
  const { server, link } = await serve(() => {})
  const sockets = new WebSocketServer({ server })
  cleanUps.push(() => sockets.close())
  sockets.on('connection', (socket) => {
    socket.send('one')
    socket.send(Uint8Array.of(1), { binary: true })
    socket.send('two')
    socket.close()
  })
  const socket = (await link.socket('/ws', {}, never)) as TextSocket
  expect([await socket.receive(never), await socket.receive(never), await socket.receive(never)]).toEqual([
    'one',
    'two',
    null,
  ])
  socket.close()
})

test('an upgrade that is refused comes back as the reply', async () => {
  const { server, link } = await serve(() => {})
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="x"\r\nContent-Length: 0\r\n\r\n')
  })
  expect(await link.socket('/ws', {}, never)).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Digest realm="x"' },
  })
})
