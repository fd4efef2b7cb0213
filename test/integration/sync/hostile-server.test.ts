import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../../electron/host/crypto/random.ts'
import { HttpFetcher } from '../../../electron/host/sync/http-fetcher.ts'
import { toInstant } from '../../../shared/model/text.ts'
import { answer } from '../../fixtures/file-server.ts'
import { syncBench } from '../../fixtures/sync-bench.ts'
import { TestClock } from '../../fixtures/test-clock.ts'
import { serveHandler } from '../../fixtures/tuf/simulator-server.ts'
import { SlipwayRepository } from '../../fixtures/tuf/slipway-repository.ts'

const NOW = Math.floor(Date.now() / 1000) * 1000
const DAY = 86_400_000
/** Kilobytes that become fifty megabytes for whoever unpacks what was not asked for. */
const BOMB = gzipSync(Buffer.alloc(50_000_000))
type Attack = (request: IncomingMessage, response: ServerResponse, good: Buffer) => boolean

/** A console that has synced once from an honest server, which then falls into other hands. */
async function scene() {
  const repo = new SlipwayRepository({ now: NOW })
  const second = randomBytes(400_000)
  const state = { attack: null as Attack | null, asked: [] as string[] }
  const url = await serveHandler((request, response) => {
    const bytes = repo.serve(request.url ?? '')
    state.asked.push(request.url ?? '')
    if (bytes && state.attack?.(request, response, Buffer.from(bytes))) return
    if (!bytes) response.writeHead(404).end()
    else answer({ bytes }, request, response)
  })
  const fetcher = new HttpFetcher({ idleMs: 300, floor: 2000 })
  onTestFinished(() => fetcher.close())
  const bench = syncBench({ clock: new TestClock(NOW + 1000), fetcher })
  await bench.sync.adopt(url, sha256Hex(repo.firstRoot()), 'kari')
  await bench.sync.start('kari')
  return { repo, state, url, second, ...bench }
}

/** The state of a console that must not have got worse. */
function trusted({ library, artifacts }: Awaited<ReturnType<typeof scene>>) {
  const now = library.current()
  return { plans: [...(now?.plans.keys() ?? [])], syncedAt: now?.syncedAt, stored: artifacts.totalBytes() }
}

const metadata =
  (attack: (response: ServerResponse, good: Buffer) => void): Attack =>
  ({ url }, response, good) => {
    if (!url?.endsWith('timestamp.json')) return false
    attack(response, good)
    return true
  }

describe('a server in other hands: metadata', () => {
  it.each<[string, Attack, string]>([
    [
      'a byte now and then, for ever',
      metadata((response) => {
        response.writeHead(200, { 'content-length': '9000' })
        const timer = setInterval(() => response.write('x'), 30)
        response.on('close', () => clearInterval(timer))
      }),
      'sync.stalled',
    ],
    [
      'a redirect to a file of this machine',
      metadata((response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end()),
      'sync.bad-url',
    ],
    [
      'a redirect to somebody with a password in the address',
      metadata((response) => void response.writeHead(302, { location: 'http://root:x@127.0.0.1/' }).end()),
      'sync.bad-url',
    ],
    [
      'a bomb that is packed although nobody asked for packing',
      metadata((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB)),
      'trust.',
    ],
    [
      'without end',
      metadata((response) => {
        response.writeHead(200)
        const more = () => {
          while (response.write(Buffer.alloc(65_536, 0x20)));
        }
        response.on('drain', more)
        more()
      }),
      'trust.too-large',
    ],
    [
      'the log-in page of a harbour',
      metadata((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome')),
      'sync.not-a-repository',
    ],
    [
      'brackets ten thousand deep',
      metadata((response) => void response.writeHead(200).end('['.repeat(10_000))),
      'trust.',
    ],
  ])('%s', async (_, attack, code) => {
    const world = await scene()
    const before = trusted(world)
    world.state.attack = attack
    await expect(world.sync.start('kari')).rejects.toMatchObject({ code: expect.stringContaining(code) })
    expect(trusted(world)).toEqual(before)
    // Once the server is honest again, nothing of it is left.
    world.state.attack = null
    expect((await world.sync.start('kari')).lastError).toBeNull()
  })
})

describe('a server in other hands: an artifact', () => {
  const ofArtifact =
    (attack: (request: IncomingMessage, response: ServerResponse, good: Buffer) => void): Attack =>
    (request, response, good) => {
      if (!request.url?.includes('/artifacts/')) return false
      attack(request, response, good)
      return true
    }
  const from = ({ headers }: IncomingMessage) => Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0)
  /** Half of the file, then the connection goes: what comes next is asked for from there. */
  const half = (response: ServerResponse, bytes: Buffer) => {
    response.writeHead(200, { etag: '"v1"', 'content-length': String(bytes.length) })
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  }

  it.each<[string, Attack]>([
    [
      'a byte now and then, for ever',
      ofArtifact((_, response, good) => {
        response.writeHead(200, { 'content-length': String(good.length) })
        const timer = setInterval(() => response.write('x'), 30)
        response.on('close', () => clearInterval(timer))
      }),
    ],
    [
      'another part of the file than was asked for',
      ofArtifact((request, response, good) => {
        if (from(request) === 0) half(response, good)
        else {
          const range = `bytes ${from(request) + 7}-${good.length - 1}/${good.length}`
          response.writeHead(206, { 'content-range': range, etag: '"v1"' }).end(good.subarray(from(request) + 7))
        }
      }),
    ],
    [
      'the right numbers over the wrong bytes',
      ofArtifact((request, response, good) => {
        if (from(request) === 0) half(response, good)
        else {
          const range = `bytes ${from(request)}-${good.length - 1}/${good.length}`
          const wrong = good.subarray(from(request)).toReversed()
          response.writeHead(206, { 'content-range': range, etag: '"v1"' }).end(wrong)
        }
      }),
    ],
    [
      'a file that is changed while it comes',
      ofArtifact((request, response, good) => {
        if (from(request) === 0) return half(response, good)
        return void response.writeHead(200, { etag: '"v2"' }).end(randomBytes(good.length))
      }),
    ],
    [
      'more than was signed for',
      ofArtifact((_, response, good) => void response.writeHead(200).end(Buffer.concat([good, Buffer.alloc(9)]))),
    ],
    [
      'packed, although nobody asked for packing',
      ofArtifact((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB)),
    ],
    [
      'a redirect to a file of this machine',
      ofArtifact((_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end()),
    ],
  ])('%s', async (_, attack) => {
    const world = await scene()
    const { repo, second, sync, state, artifacts } = world
    repo.addTarget('artifacts', 'artifacts/crane-2.6.0.bin', second)
    repo.plan({
      id: 'next',
      notBefore: toInstant(NOW),
      expires: toInstant(NOW + DAY),
      artifacts: [{ component: 'app', target: 'artifacts/crane-2.6.0.bin', version: '2.6.0' }],
    })
    repo.release()
    const before = trusted(world).stored
    state.attack = attack
    const view = await sync.start('kari')
    expect(view.lastError).toMatchObject({ code: expect.stringMatching(/^(sync|trust)\./) })
    expect(view.items.find(({ target }) => target.includes('2.6.0'))?.state).toBe('failed')
    expect(artifacts.has(sha256Hex(second))).toBe(false)
    expect(trusted(world).stored).toBe(before)

    state.attack = null
    expect(await sync.start('kari')).toMatchObject({ lastError: null, toFetch: 0 })
    expect(artifacts.has(sha256Hex(second))).toBe(true)
  })
})
