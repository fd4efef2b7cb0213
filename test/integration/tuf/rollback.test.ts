import { describe, expect, it } from 'vitest'
import { scene } from '../../fixtures/tuf/scene.ts'

describe('rollback', () => {
  it('refuses an older timestamp', async () => {
    const { repo, client } = await scene()
    repo.bump('timestamp')
    await client.refresh()
    repo.timestamp.version = 1
    repo.publish('timestamp')
    expect(await client.refresh()).toBe('trust.rollback')
    expect(client.versions().timestamp).toBe(2)
    expect(repo.requests.at(-1)).toBe('timestamp.json')
  })

  it.each([false, true])('refuses a newer timestamp with an older snapshot (hashes: %s)', async (hashes) => {
    const { repo, client } = await scene()
    repo.namesHashes = hashes
    repo.update()
    expect(await client.refresh()).toBe('ok')
    repo.snapshot.version = 1
    repo.publish('snapshot')
    repo.updateTimestamp()
    expect(await client.refresh()).toBe('trust.rollback')
    expect(client.versions()).toMatchObject({ timestamp: 2, snapshot: 2 })
  })

  it.each([false, true])('refuses a newer snapshot with older targets (hashes: %s)', async (hashes) => {
    const { repo, client } = await scene()
    repo.namesHashes = hashes
    repo.bump('targets')
    repo.update()
    expect(await client.refresh()).toBe('ok')
    repo.targets.version = 1
    repo.publish('targets')
    repo.update()
    expect(await client.refresh()).toBe('trust.rollback')
    expect(client.versions()).toMatchObject({ timestamp: 3, snapshot: 2, targets: 2 })
  })

  it('refuses a snapshot from which a role has vanished', async () => {
    const { repo, client } = await scene()
    repo.delegate('targets', { name: 'plans', paths: ['plans/*'] })
    repo.bump('targets')
    repo.update()
    expect(await client.refresh()).toBe('ok')
    delete repo.snapshot.meta['plans.json']
    repo.metadata.delete('plans')
    repo.update()
    expect(await client.refresh()).toBe('trust.rollback')
    expect(client.versions().snapshot).toBe(2)
  })

  it.each(['timestamp', 'snapshot', 'targets'])(
    'recovers from a version run far ahead (%s) by new keys',
    async (role) => {
      const { repo, client } = await scene()
      repo.metadata.get(role).version = 99_999
      repo.publish(role)
      if (role !== 'timestamp') repo.update()
      expect(await client.refresh()).toBe('ok')
      // TUF 5.3.11, and for targets by way of the snapshot.
      repo.rotate('timestamp')
      repo.rotate('snapshot')
      repo.bump('root')
      repo.metadata.get(role).version = 1
      repo.publish(role)
      if (role === 'snapshot') repo.updateTimestamp()
      else repo.update()
      expect(await client.refresh()).toBe('ok')
      expect(client.versions()[role]).toBeLessThan(10)
    },
  )

  it('does not even ask for a snapshot that the timestamp does not name', async () => {
    const { repo, client } = await scene()
    repo.bump('snapshot')
    expect(await client.refresh()).toBe('ok')
    expect(client.versions().snapshot).toBe(1)
    repo.bump('targets')
    expect(await client.refresh()).toBe('ok')
    expect(client.versions().targets).toBe(1)
  })

  it.each(['"1"', '1.5', '1.0', '1e0', '0', '-1', 'null', '01', '1e400', '9'.repeat(40)])(
    'takes only whole numbers for versions: %s',
    async (text) => {
      const { repo, client } = await scene()
      const file = Buffer.from(repo.file('timestamp.json')).toString().replace('"version": 1', `"version": ${text}`)
      repo.published.set('timestamp.json', Buffer.from(file))
      expect(await client.refresh()).toMatch(/^trust\.bad-(?:json|metadata)$/)
    },
  )
})
