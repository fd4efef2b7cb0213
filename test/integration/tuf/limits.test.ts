import { describe, expect, it } from 'vitest'
import { HttpFetcher } from '../../../electron/host/sync/http-fetcher.ts'
import { DEFAULT_LIMITS } from '../../../electron/host/trust/limits.ts'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { scene } from '../../fixtures/tuf/scene.ts'
import { serveSimulator } from '../../fixtures/tuf/simulator-server.ts'

const FILES = {
  root: '2.root.json',
  timestamp: 'timestamp.json',
  snapshot: '1.snapshot.json',
  targets: '1.targets.json',
}

describe('endless data', () => {
  it.each(Object.entries(FILES))('is not listened to in the place of %s', async (role, name) => {
    let sent = 0
    const { repo, client } = await scene({
      hijack: ({ url }, response) => {
        if (!url?.endsWith(`/${name}`)) return false
        const chunk = Buffer.alloc(64 * 1024, ' ')
        const more = () => {
          if (response.destroyed) return
          sent += chunk.length
          response.write(chunk, more)
        }
        more()
        return true
      },
    })
    expect(await client.refresh()).toBe('trust.too-large')
    // Cut off at the limit, give or take what was on its way: 32 MiB for targets, less for the others.
    expect(sent).toBeLessThan(48 * 1024 * 1024)
    expect(client.versions()[role]).toBe(role === 'root' ? 1 : undefined)
    expect(repo.requests).not.toContain(name)
  })

  it('is measured by what was signed, where a length was', async () => {
    const { repo, client } = await scene()
    repo.namesHashes = true
    repo.update()
    const longer = Buffer.concat([repo.file('2.snapshot.json'), Buffer.alloc(1, ' ')])
    repo.published.set('2.snapshot.json', longer)
    expect(await client.refresh()).toBe('trust.too-large')
    repo.published.set('2.snapshot.json', longer.subarray(0, -2))
    expect(await client.refresh()).toBe('trust.length-mismatch')
  })
})

describe('endless signatures', () => {
  it('make a file that nobody reads further', async () => {
    const { repo, client } = await scene()
    const [signer] = repo.of('timestamp')
    const signedBy = (strangers: number) => {
      const others = Array.from({ length: strangers }, (_, i) => ({
        ...signer!,
        keyid: `stranger ${i}`,
        sign: () => '00',
      }))
      repo.signers.set('timestamp', [...others, signer!])
      repo.bump('timestamp')
    }
    signedBy(DEFAULT_LIMITS.signatures - 1)
    expect(await client.refresh()).toBe('ok')
    signedBy(DEFAULT_LIMITS.signatures)
    expect(await client.refresh()).toBe('trust.bad-metadata')
    expect(client.versions().timestamp).toBe(2)
  })
})

describe('slow retrieval', () => {
  const drip = async (pauseMs: number) => {
    const repo = new RepositorySimulator()
    const url = await serveSimulator(repo, ({ url: path }, response) => {
      if (!path?.endsWith('/timestamp.json')) return false
      const bytes = repo.file('timestamp.json')
      const step = Math.ceil(bytes.length / 10)
      let at = 0
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, at + step))
        at += step
        if (at >= bytes.length) response.end()
        if (at >= bytes.length || response.destroyed) clearInterval(timer)
      }, pauseMs)
      return true
    })
    return new ClientUnderTest({ url, root: repo.firstRoot(), fetcher: new HttpFetcher({ idleMs: 200 }) })
  }

  it('is borne as long as something comes', async () => {
    expect(await (await drip(40)).refresh()).toBe('ok')
  })

  it('is given up when nothing comes', async () => {
    expect(await (await drip(2000)).refresh()).toBe('sync.stalled')
  })
})

describe('hostile shapes', () => {
  it.each([
    ['deep nesting', '['.repeat(30_000)],
    ['a name twice', '{"signed":{"a":1,"a":2},"signatures":[]}'],
    ['a prototype', '{"signed":{"__proto__":{"version":1}},"signatures":[]}'],
    ['a byte order mark', '\uFEFF{}'],
    ['half a surrogate', '{"signed":{"a":"\\ud800"},"signatures":[]}'],
    ['no JSON', 'version = 1'],
  ])('are refused before anything is made of them: %s', async (_what, content) => {
    const { repo, client } = await scene()
    repo.published.set('timestamp.json', Buffer.from(content))
    expect(await client.refresh()).toMatch(/^trust\.bad-(?:json|metadata)$/)
    expect(client.versions()).toEqual({ root: 1 })
  })
})
