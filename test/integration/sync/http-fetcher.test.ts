import type { Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { FetchRange } from '../../../electron/host/sync/fetcher.ts'
import { HttpFetcher } from '../../../electron/host/sync/http-fetcher.ts'
import { type ServedFile, serveFile } from '../../fixtures/file-server.ts'
import { serveHandler } from '../../fixtures/tuf/simulator-server.ts'

const never = new AbortController().signal
const content = Buffer.from('0123456789')

function fetcher(idleMs = 500): HttpFetcher {
  const made = new HttpFetcher({ idleMs })
  onTestFinished(() => made.close())
  return made
}
const bytes = (url: string, maxBytes = 1000, signal = never) => fetcher().bytes(url, { maxBytes, signal })
async function open(url: string, options: Partial<FetchRange> = {}, idleMs = 500) {
  const download = await fetcher(idleMs).open(url, { from: 0, etag: null, signal: never, ...options })
  const parts: Uint8Array[] = []
  for await (const part of download.body) parts.push(part)
  return { ...download, text: Buffer.concat(parts).toString() }
}

it('gets small files, and says when there is none', async () => {
  const { url } = await serveFile({ bytes: content })
  expect(Buffer.from((await bytes(url))!)).toEqual(content)
  for (const status of [403, 404, 410]) {
    const none = await serveHandler((_, response) => void response.writeHead(status).end('<html>no</html>'))
    expect(await bytes(none)).toBeNull()
    await expect(open(none)).rejects.toMatchObject({ code: 'sync.not-found' })
  }
})

it('stops at the limit, whether the length was announced or not', async () => {
  const announced = await serveFile({ bytes: Buffer.alloc(5000) })
  await expect(bytes(announced.url)).rejects.toMatchObject({ code: 'trust.too-large' })
  let sent = 0
  const endless = await serveHandler((_, response) => {
    const more = () => {
      while (!response.destroyed) {
        sent += 1000
        if (!response.write(Buffer.alloc(1000))) return
      }
    }
    response.on('drain', more)
    more()
  })
  await expect(bytes(endless)).rejects.toMatchObject({ code: 'trust.too-large' })
  expect(sent).toBeLessThan(20_000_000)
})

it.each([500, 502, 503, 401, 206, 204])('does not take status %i for an answer', async (status) => {
  const url = await serveHandler((_, response) => void response.writeHead(status).end())
  await expect(bytes(url)).rejects.toMatchObject({ code: 'sync.http', detail: { status } })
})

it.each([
  ['text/html; charset=utf-8', 'please log in'],
  ['application/json', '  <!DOCTYPE html><html>'],
  ['', '<?xml version="1.0"?>'],
])('knows a log-in page for what it is (%s)', async (type, body) => {
  const url = await serveHandler((_, response) => void response.writeHead(200, { 'content-type': type }).end(body))
  await expect(bytes(url)).rejects.toMatchObject({ code: 'sync.not-a-repository' })
})

it('takes no log-in page for an artifact', async () => {
  const url = await serveHandler(
    (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('x'),
  )
  await expect(open(url)).rejects.toMatchObject({ code: 'sync.not-a-repository' })
})

it('follows a few redirects, and only within the scheme', async () => {
  const { url } = await serveFile({ bytes: content })
  const to = (location: string) =>
    serveHandler((request, response) => {
      const left = Number(request.url?.slice(1) || 0)
      response.writeHead(302, { location: left > 1 ? `/${left - 1}` : location }).end()
    })
  expect(await bytes(`${await to(url)}/3`)).toEqual(content)
  await expect(bytes(`${await to(url)}/4`)).rejects.toMatchObject({ code: 'sync.bad-url' })
  for (const elsewhere of [
    'https://127.0.0.1/x',
    'file:///etc/passwd',
    'ftp://x/y',
    'data:,x',
    'http://a:b@127.0.0.1/',
  ]) {
    await expect(bytes(`${await to(elsewhere)}/1`)).rejects.toMatchObject({ code: 'sync.bad-url' })
  }
})

it('continues a file that is still the same', async () => {
  const { url, requests } = await serveFile({ bytes: content })
  expect(await open(url, { from: 4, etag: '"v1"' })).toMatchObject({ start: 4, text: '456789', etag: '"v1"' })
  expect(requests).toEqual([{ range: 'bytes=4-', ifRange: '"v1"' }])
})

it.each<[string, Partial<ServedFile>, string | null]>([
  ['has changed', { etag: '"v2"' }, '"v1"'],
  ['cannot be continued', { ignoresRange: true }, '"v1"'],
])('begins anew when the file %s', async (_what, file, etag) => {
  const { url } = await serveFile({ bytes: content, ...file })
  expect(await open(url, { from: 4, etag })).toMatchObject({ start: 0, text: '0123456789' })
})

it('continues without a name where the server gives none', async () => {
  const { url, requests } = await serveFile({ bytes: content, etag: null })
  expect(await open(url, { from: 4 })).toMatchObject({ start: 4, text: '456789', etag: null })
  expect(requests).toEqual([{ range: 'bytes=4-', ifRange: null }])
})

it('takes a weak name for none', async () => {
  const { url } = await serveFile({ bytes: content, etag: 'W/"v1"' })
  expect((await open(url)).etag).toBeNull()
})

it('refuses the whole where a part was asked for that ends before it', async () => {
  const url = await serveHandler((_, response) => void response.writeHead(200).end(content))
  await expect(open(url, { from: 0, to: 4 })).rejects.toMatchObject({ code: 'sync.range-ignored' })
})

it.each(['bytes 0-9/10', 'bytes 5-9/10', 'pages 4-9/10', ''])(
  'refuses a part that begins elsewhere: "%s"',
  async (range) => {
    const url = await serveHandler((_, response) => void response.writeHead(206, { 'content-range': range }).end('x'))
    await expect(open(url, { from: 4, etag: '"v1"' })).rejects.toMatchObject({ code: 'sync.range-ignored' })
  },
)

it('gives up a transfer that stands still, and not one that is slow', async () => {
  const still = await serveFile({ bytes: content, stallAfter: 3 })
  await expect(open(still.url, {}, 200)).rejects.toMatchObject({ code: 'sync.stalled' })
  await expect(fetcher(200).bytes(still.url, { maxBytes: 100, signal: never })).rejects.toMatchObject({
    code: 'sync.stalled',
  })
  const slow = await serveHandler((_, response) => {
    const drip = (at: number) => {
      if (at === content.length) return response.end()
      response.write(content.subarray(at, at + 1))
      return setTimeout(() => drip(at + 1), 60)
    }
    drip(0)
  })
  expect((await open(slow, {}, 200)).text).toBe('0123456789')
})

it('gives up a server that hands out a byte now and then, in the head and in the body', async () => {
  const dripping = (begin: (socket: Socket) => void) =>
    serveHandler(({ socket }) => {
      begin(socket)
      const timer = setInterval(() => socket.write('x'), 30)
      socket.on('close', () => clearInterval(timer))
    })
  const body = await dripping((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n'))
  const head = await dripping((socket) => socket.write('HTTP/1.1 200 OK\r\nX-Long: '))
  for (const url of [body, head]) {
    const greedy = new HttpFetcher({ idleMs: 300, floor: 1000 })
    onTestFinished(() => greedy.close())
    const failed = expect.objectContaining({ code: 'sync.stalled', retry: 'now' })
    await expect(greedy.bytes(url, { maxBytes: 1_000_000, signal: never })).rejects.toEqual(failed)
  }
})

it('asks anew where the server has hung up on a connection that was kept, and only there', async () => {
  const seen = new Set<unknown>()
  let cut = 0
  const url = await serveHandler(({ socket }, response) => {
    if (!seen.has(socket)) response.end(content)
    else {
      cut += 1
      socket.destroy()
    }
    seen.add(socket)
  })
  const one = fetcher()
  for (let i = 0; i < 3; i += 1) {
    expect(Buffer.from((await one.bytes(url, { maxBytes: 100, signal: never }))!)).toEqual(content)
  }
  expect(cut).toBe(2)
  const always = await serveHandler(({ socket }) => void socket.destroy())
  await expect(one.bytes(always, { maxBytes: 100, signal: never })).rejects.toMatchObject({ code: 'sync.stalled' })
})

it('says that a connection was cut', async () => {
  const { url } = await serveFile({ bytes: Buffer.alloc(1000), cutAfter: 100 })
  await expect(open(url)).rejects.toMatchObject({ code: 'sync.stalled', retry: 'now' })
})

it.each(['http://127.0.0.1:1/', 'http://nothing.invalid/'])('says that nobody is there: %s', async (url) => {
  await expect(bytes(url)).rejects.toMatchObject({ code: 'sync.unreachable', retry: 'now' })
})

it.each(['ftp://x/', 'file:///etc/passwd', 'no url', 'http://user:secret@127.0.0.1/'])(
  'asks nothing of %s',
  async (url) => {
    await expect(bytes(url)).rejects.toMatchObject({ code: 'sync.bad-url' })
  },
)

it('stops at once when told, before and within a transfer', async () => {
  const { url } = await serveFile({ bytes: content, stallAfter: 3 })
  await expect(bytes(url, 100, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  const stop = new AbortController()
  const download = await fetcher(5000).open(url, { from: 0, etag: null, signal: stop.signal })
  const reading = (async () => {
    for await (const part of download.body) if (part.length > 0) stop.abort()
  })()
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
})
