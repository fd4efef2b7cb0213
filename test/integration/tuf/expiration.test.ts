import { describe, expect, it } from 'vitest'
import { toInstant } from '../../../shared/model/text.ts'
import type { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { scene } from '../../fixtures/tuf/scene.ts'

const DAY = 86_400_000
const yesterday = toInstant(Date.now() - DAY)

describe('expiration', () => {
  it('takes an expired root as the newest, and nothing on its word', async () => {
    const { repo, client } = await scene()
    await client.refresh()
    repo.root.expires = yesterday
    repo.bump('root')
    repo.bump('timestamp')
    expect(await client.refresh()).toBe('trust.expired')
    expect(client.versions()).toEqual({ root: 2, timestamp: 1, snapshot: 1, targets: 1 })
  })

  it('passes over an expired root to the one after it', async () => {
    const { repo, client } = await scene()
    const good = repo.root.expires
    repo.root.expires = yesterday
    repo.bump('root')
    repo.root.expires = good
    repo.bump('root')
    expect(await client.refresh()).toBe('ok')
    expect(client.versions().root).toBe(3)
  })

  it.each(['timestamp', 'snapshot', 'targets'])('refuses an expired %s', async (role) => {
    const { repo, client } = await scene()
    await client.refresh()
    repo.metadata.get(role).expires = yesterday
    if (role === 'targets') repo.bump('targets')
    repo.update()
    expect(await client.refresh()).toBe('trust.expired')
    expect(client.versions()[role]).toBe(1)
  })

  it('counts the very instant as over', async () => {
    const { client, repo } = await scene()
    client.now = Date.parse(repo.expires)
    expect(await client.refresh()).toBe('trust.expired')
    client.now -= 1
    expect(await client.refresh()).toBe('ok')
  })

  it('begins from a root that has expired meanwhile', async () => {
    const { repo, client } = await scene()
    await client.refresh()
    const later = toInstant(Date.now() + 365 * DAY)
    for (const role of ['root', 'targets', 'snapshot', 'timestamp']) repo.metadata.get(role).expires = later
    repo.bump('root', 'targets')
    repo.update()
    client.now = Date.now() + 90 * DAY
    expect(await client.refresh()).toBe('ok')
  })

  it('guards against rollback with a timestamp that has expired', async () => {
    const { repo, client } = await scene()
    repo.timestamp.expires = toInstant(Date.now() + 7 * DAY)
    repo.bump('timestamp', 'timestamp')
    await client.refresh()
    client.now = Date.now() + 18 * DAY
    repo.timestamp.expires = toInstant(Date.now() + 21 * DAY)
    repo.timestamp.version = 1
    repo.publish('timestamp')
    expect(await client.refresh()).toBe('trust.rollback')
    repo.timestamp.version = 3
    repo.bump('timestamp')
    expect(await client.refresh()).toBe('ok')
    expect(client.versions().timestamp).toBe(4)
  })

  it.each(['2036-01-01T00:00:00', 'Jan 1 2036', '2036-01-01T00:00:00+00:00', '2036-02-30T00:00:00Z', 2_082_758_400])(
    'takes no other spelling of a date: %s',
    async (expires) => {
      const { repo, client } = await scene()
      repo.timestamp.expires = expires
      repo.bump('timestamp')
      expect(await client.refresh()).toBe('trust.bad-metadata')
    },
  )
})

/** A role that speaks for `delegated/*` until `expires`, with two targets. */
function delegated(repo: RepositorySimulator, expires: string): void {
  repo.delegate('targets', { name: 'delegated', paths: ['delegated/*'] })
  repo.metadata.get('delegated').expires = expires
  for (const name of ['first', 'second']) repo.addTarget('delegated', `delegated/${name}`, name)
  repo.publish('delegated')
  repo.bump('targets')
  repo.update()
}

describe('delegated expiration', () => {
  it('does not even begin to trust a delegated role that has expired', async () => {
    const { repo, client } = await scene()
    delegated(repo, yesterday)
    expect(await client.refresh()).toBe('ok')
    expect(await client.download('delegated/first')).toBe('trust.expired')
    expect(client.versions()).toEqual({ root: 1, timestamp: 2, snapshot: 2, targets: 2 })
  })

  it('stops trusting one that it holds when it expires', async () => {
    const { repo, client } = await scene()
    delegated(repo, toInstant(Date.now() + 7 * DAY))
    expect(await client.download('delegated/first')).toBe('first')
    client.now = Date.now() + 18 * DAY
    expect(await client.download('delegated/second')).toBe('trust.expired')
    expect(await client.refresh()).toBe('ok')
  })

  it('goes on with the next version of one that has expired', async () => {
    const { repo, client } = await scene()
    delegated(repo, toInstant(Date.now() + 7 * DAY))
    expect(await client.download('delegated/first')).toBe('first')
    repo.metadata.get('delegated').expires = toInstant(Date.now() + 21 * DAY)
    repo.bump('delegated')
    repo.update()
    client.now = Date.now() + 18 * DAY
    expect(await client.download('delegated/second')).toBe('second')
    expect(client.versions().delegated).toBe(2)
  })
})
