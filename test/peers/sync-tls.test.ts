import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, it, onTestFinished, type TestContext } from 'vitest'
import { fetchReceipt } from '../../electron/host/audit/intake-answer.ts'
import { sha256Hex } from '../../electron/host/crypto/hash.ts'
import { HttpFetcher } from '../../electron/host/sync/http-fetcher.ts'
import { ServerConnection } from '../../electron/host/sync/server-connection.ts'
import { answer } from '../fixtures/file-server.ts'
import type { RecordingRecorder } from '../fixtures/recording-recorder.ts'
import { syncBench } from '../fixtures/sync-bench.ts'
import { tempDir } from '../fixtures/temp-dir.ts'
import { TestClock } from '../fixtures/test-clock.ts'
import { SlipwayRepository } from '../fixtures/tuf/slipway-repository.ts'
import { needsSwupdate } from './swupdate/needs-swupdate.ts'
import { makeTls } from './swupdate/tls-keys.ts'

const NOW = Math.floor(Date.now() / 1000) * 1000

/** A publisher's server behind TLS, with certificates that `openssl` made; it lets in only whom its authority knows. */
async function scene(context: TestContext, options: { asksForClient?: boolean; env?: Record<string, string> } = {}) {
  needsSwupdate(context)
  const dir = tempDir()
  const server = makeTls(dir, 'server', ['IP:127.0.0.1'])
  const people = makeTls(dir, 'people', ['DNS:console'])
  const stranger = makeTls(dir, 'stranger', ['DNS:console'])
  const repo = new SlipwayRepository({ now: NOW })
  const seen: string[] = []
  const https = createServer(
    {
      key: readFileSync(server.key),
      cert: readFileSync(server.certificate),
      ...(options.asksForClient ? { requestCert: true, rejectUnauthorized: true, ca: people.ca } : {}),
    },
    (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate().subject as { CN?: string } | undefined
      seen.push(peer?.CN ?? 'nobody')
      const bytes = repo.serve(request.url ?? '')
      if (bytes) answer({ bytes }, request, response)
      else response.writeHead(404).end()
    },
  )
  https.on('tlsClientError', () => undefined)
  https.listen(0, '127.0.0.1')
  await once(https, 'listening')
  onTestFinished(() => https.close().closeAllConnections())
  const url = `https://127.0.0.1:${(https.address() as AddressInfo).port}`

  let recorder: RecordingRecorder | null = null
  const make = () => {
    const made = new ServerConnection({
      dir: join(dir, 'kept'),
      recorder: () => recorder as RecordingRecorder,
      env: options.env ?? {},
    })
    onTestFinished(() => made.close())
    return made
  }
  const connection = make()
  const bench = syncBench({
    clock: new TestClock(NOW + 1000),
    fetcher: new HttpFetcher({ idleMs: 2000, agent: (to) => connection.agent(to) }),
  })
  recorder = bench.recorder
  const adopt = () => bench.sync.adopt(url, sha256Hex(repo.firstRoot()), 'kari')
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  return { ...bench, dir, server, people, stranger, url, connection, again: make, adopt, file, seen }
}

it('a server with an authority of its own is believed when that authority was set, and only it', async (context) => {
  const { adopt, connection, file, server, people, sync, recorder } = await scene(context)
  await expect(adopt()).rejects.toMatchObject({ code: 'sync.tls-untrusted', detail: { reason: 'unknown-authority' } })
  await connection.set({ authorities: file('people.ca', people.ca) }, 'kari')
  await expect(adopt()).rejects.toMatchObject({ code: 'sync.tls-untrusted' })

  const view = await connection.set({ authorities: file('server.ca', server.ca) }, 'kari')
  expect(view.authorities).toMatchObject([{ subject: 'CN=server authority' }])
  await adopt()
  expect((await sync.start('kari')).lastError).toBeNull()
  expect(recorder.actions().filter((action) => action === 'sync.connection-set')).toHaveLength(2)

  await connection.set({ authorities: null }, 'kari')
  await expect(sync.check('kari')).rejects.toMatchObject({ code: 'sync.tls-untrusted' })
})

it('a server that wants to know who asks gets the certificate, for metadata, artifacts and receipts', async (context) => {
  const { adopt, again, connection, dir, file, server, people, stranger, sync, seen, url } = await scene(context, {
    asksForClient: true,
  })
  await connection.set({ authorities: file('server.ca', server.ca) }, 'kari')
  await expect(adopt()).rejects.toMatchObject({ code: 'sync.tls-refused' })
  // Node's own server drops the connection of a stranger without a word; others send an alert.
  await connection.set({ certificate: stranger.certificate, key: stranger.key }, 'kari')
  await expect(adopt()).rejects.toMatchObject({ code: expect.stringMatching(/^sync\.(tls-refused|stalled)$/) })

  const view = await connection.set({ certificate: people.certificate, key: people.key }, 'kari')
  expect(view.own).toMatchObject({ subject: 'CN=winch', issuer: 'CN=people authority' })
  await adopt()
  expect((await sync.start('kari')).lastError).toBeNull()
  const ask = { idleMs: 2000, agent: (to: URL) => connection.agent(to), signal: new AbortController().signal }
  expect(await fetchReceipt(new URL(`${url}/audit/`), 'segment', ask)).toBeNull()
  expect(new Set(seen)).toEqual(new Set(['winch']))

  // For the owner alone, and there again at the next start.
  expect(statSync(join(dir, 'kept', 'client-key.pem')).mode & 0o077).toBe(0)
  expect(again().view()).toEqual(view)
  writeFileSync(join(dir, 'kept', 'client-key.pem'), 'damaged')
  expect(again().view()).toMatchObject({ authorities: [], own: null })
})

it('what is no certificate, or the key to another, changes nothing', async (context) => {
  const { connection, dir, file, people, stranger, recorder } = await scene(context)
  execFileSync('openssl', ['ec', '-aes128', '-passout', 'pass:x', '-in', people.key, '-out', join(dir, 'locked.key')], {
    stdio: 'pipe',
  })
  const bad = async (change: Parameters<ServerConnection['set']>[0], code: string, why?: string) => {
    const detail = why === undefined ? {} : { detail: { why } }
    await expect(connection.set(change, 'kari')).rejects.toMatchObject({ code, ...detail })
  }
  await bad({ authorities: file('none.pem', 'nothing') }, 'sync.bad-certificate', 'none')
  await bad({ authorities: people.certificate }, 'sync.bad-certificate', 'no-authority')
  await bad({ authorities: file('half.pem', people.ca.slice(0, 200)) }, 'sync.bad-certificate', 'none')
  await bad({ authorities: join(dir, 'not-there') }, 'file.not-found')
  await bad({ authorities: file('large.pem', people.ca.repeat(500)) }, 'sync.bad-certificate', 'too-large')
  await bad({ certificate: people.certificate }, 'sync.bad-certificate', 'no-key')
  await bad({ key: people.key }, 'sync.bad-certificate', 'no-certificate')
  await bad({ certificate: people.certificate, key: stranger.key }, 'sync.bad-certificate', 'key-of-another')
  await bad({ certificate: people.certificate, key: join(dir, 'locked.key') }, 'sync.bad-certificate', 'key-unreadable')
  expect(connection.view()).toEqual({ authorities: [], own: null, proxy: null })
  expect(recorder.actions()).toEqual([])
})

it('a proxy carries what it does not read, and one that refuses is told from the server', async (context) => {
  const carried: string[] = []
  let refuses = false
  const proxy = createHttp((_, response) => void response.writeHead(407).end())
  proxy.on('connect', ({ url: target = '' }, client, head: Buffer) => {
    carried.push(target)
    if (refuses) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const upstream = connect(Number(target.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => proxy.close().closeAllConnections())
  const address = `http://kari:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const { connection, file, server, url } = await scene(context, { env: { HTTPS_PROXY: address, HTTP_PROXY: address } })
  await connection.set({ authorities: file('server.ca', server.ca) }, 'kari')
  expect(connection.view().proxy).toBe(address.replace('kari:secret@', ''))

  // This machine itself is never asked for by way of a proxy; another name for it is not known to be this machine.
  const fetcher = new HttpFetcher({ idleMs: 2000, agent: (to) => connection.agent(to) })
  const bytes = (to: string) => fetcher.bytes(to, { maxBytes: 1_000_000, signal: new AbortController().signal })
  expect(await bytes(`${url}/metadata/1.root.json`)).not.toBeNull()
  expect(carried).toEqual([])
  const elsewhere = url.replace('127.0.0.1', '127.0.0.2')
  await expect(bytes(`${elsewhere}/metadata/1.root.json`)).rejects.toMatchObject({
    code: 'sync.tls-untrusted',
    detail: { reason: 'another-name' },
  })
  expect(carried).toEqual([new URL(elsewhere).host])
  refuses = true
  await expect(bytes(`${elsewhere}/metadata/1.root.json`)).rejects.toMatchObject({ code: 'sync.proxy' })
  await expect(bytes('http://depot.example/metadata/1.root.json')).rejects.toMatchObject({ code: 'sync.proxy' })
})
