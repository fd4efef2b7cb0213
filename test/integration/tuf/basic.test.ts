import { describe, expect, it } from 'vitest'
import { hashHex, sha256Hex, type TrustedHash } from '../../../electron/host/crypto/hash.ts'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import { scene } from '../../fixtures/tuf/scene.ts'
import { makeSigner } from '../../fixtures/tuf/signer.ts'

const ALL = { root: 1, timestamp: 1, snapshot: 1, targets: 1 }
const edit = (
  bytes: Uint8Array,
  change: (file: { signed: Record<string, unknown>; signatures: { sig: string }[] }) => void,
) => {
  const file = JSON.parse(Buffer.from(bytes).toString())
  change(file)
  return Buffer.from(JSON.stringify(file))
}

const signAs = (sig: string) => (file: { signatures: { sig: string }[] }) => {
  file.signatures[0]!.sig = sig
}

describe('basic', () => {
  it('asks for the next root, timestamp, snapshot and targets, in this order and once', async () => {
    const { repo, client } = await scene()
    expect(await client.refresh()).toBe('ok')
    expect(repo.requests).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json'])
    expect(client.versions()).toEqual(ALL)
  })

  it('asks for nothing that it holds', async () => {
    const { repo, client } = await scene()
    await client.refresh()
    repo.requests.length = 0
    expect(await client.refresh()).toBe('ok')
    expect(repo.requests).toEqual(['2.root.json', 'timestamp.json'])
  })

  it('refreshes before a download, also of what does not exist', async () => {
    const { client } = await scene()
    expect(await client.download('nonexistent artifact')).toBe('not found')
    expect(client.versions()).toEqual(ALL)
  })

  it.each([
    ['trust.bad-metadata', (file: { signed: Record<string, unknown> }) => void delete file.signed.version],
    ['trust.threshold', signAs('3045')],
    ['trust.threshold', signAs('')],
  ])('refuses an initial root that is wrong (%s) before it asks for anything', async (code, change) => {
    const { repo, url } = await scene()
    const client = new ClientUnderTest({ url, root: edit(repo.firstRoot(), change) })
    expect(await client.refresh()).toBe(code)
    expect(repo.requests).toEqual([])
  })

  it.each([
    ['root', { root: 1 }],
    ['timestamp', { root: 1 }],
    ['snapshot', { root: 1, timestamp: 2 }],
    ['targets', { root: 1, timestamp: 2, snapshot: 2 }],
  ])('goes no further than an unsigned %s', async (role, trusted) => {
    const { repo, client } = await scene()
    repo.signers.set(role, [])
    if (role === 'root') repo.bump('root')
    else {
      repo.bump('targets')
      repo.update()
    }
    expect(await client.refresh()).toBe('trust.threshold')
    expect(client.versions()).toEqual(trusted)
  })

  it('keeps the timestamp it has when another of the same version turns up', async () => {
    const { repo, client } = await scene()
    await client.refresh()
    const held = client.cache.timestamp
    repo.timestamp.meta['snapshot.json'].version = 100
    repo.publish('timestamp')
    expect(await client.refresh()).toBe('ok')
    expect(client.cache.timestamp).toBe(held)
  })

  it('checks hashes and lengths of metadata where they are named', async () => {
    const { repo, client } = await scene()
    repo.namesHashes = true
    repo.bump('targets')
    repo.update()
    expect(await client.refresh()).toBe('ok')
    repo.bump('targets')
    repo.update()
    repo.snapshot.meta['targets.json'].hashes.sha256 = '46'.repeat(32)
    repo.publish('snapshot')
    repo.updateTimestamp()
    expect(await client.refresh()).toBe('trust.hash-mismatch')
    expect(client.versions()).toEqual({ root: 1, timestamp: 4, snapshot: 3, targets: 2 })
  })

  it.each([
    ['a length without hashes', 'hashes', 'trust.length-mismatch'],
    ['hashes without a length', 'length', 'trust.hash-mismatch'],
  ])('takes %s, and holds it to that', async (_what, left, code) => {
    const { repo, client } = await scene()
    repo.namesHashes = true
    const name = () => {
      repo.bump('targets')
      repo.update()
      delete repo.snapshot.meta['targets.json'][left]
      repo.publish('snapshot')
      repo.updateTimestamp()
      delete repo.timestamp.meta['snapshot.json'][left]
      repo.publish('timestamp')
    }
    name()
    expect(await client.refresh()).toBe('ok')
    name()
    const file = `${repo.targets.version}.targets.json`
    repo.published.set(file, repo.file(file).subarray(0, -1))
    expect(await client.refresh()).toBe(code)
  })

  it.each(['sha256', 'sha512'])('wants every hash that is named to fit, %s as well', async (wrong) => {
    const { repo, client } = await scene()
    const bytes = repo.file('1.targets.json')
    const hashes = { sha256: sha256Hex(bytes), sha512: hashHex('sha512', bytes) }
    const name = (found: object) => {
      repo.snapshot.meta['targets.json'].hashes = found
      repo.bump('snapshot')
      repo.updateTimestamp()
    }
    name({ ...hashes, [wrong]: hashHex(wrong as TrustedHash, Buffer.from('another')) })
    expect(await client.refresh()).toBe('trust.hash-mismatch')
    name(hashes)
    expect(await client.refresh()).toBe('ok')
  })

  it('refuses a snapshot that is not the one that the timestamp names', async () => {
    const { repo, client } = await scene()
    repo.namesHashes = true
    repo.update()
    repo.snapshot['x-changed'] = true
    repo.publish('snapshot')
    expect(await client.refresh()).toMatch(/^trust\.(?:too-large|length-mismatch|hash-mismatch)$/)
  })

  it.each(['root', 'snapshot', 'targets'])(
    'refuses a %s whose version is not the one in its file name',
    async (role) => {
      const { repo, client } = await scene()
      repo.metadata.get(role).version += 1
      const name = `${repo.metadata.get(role).version}.${role}.json`
      repo.metadata.get(role).version += 1
      repo.published.set(name, repo.sign(role))
      repo.metadata.get(role).version -= 1
      if (role === 'targets') repo.update()
      if (role === 'snapshot') repo.updateTimestamp()
      expect(await client.refresh()).toBe(role === 'root' ? 'trust.rollback' : 'trust.mix-and-match')
    },
  )

  it.each(['snapshot', 'targets', 'timestamp'])('says so when the server has no %s', async (role) => {
    const { repo, client } = await scene()
    repo.published.delete(role === 'timestamp' ? 'timestamp.json' : `1.${role}.json`)
    expect(await client.refresh()).toBe('sync.not-found')
  })

  it('refuses one kind of metadata in the place of another', async () => {
    const { repo, client } = await scene()
    repo.signers.set('timestamp', repo.of('snapshot'))
    repo.published.set('timestamp.json', repo.file('1.snapshot.json'))
    expect(await client.refresh()).toBe('trust.bad-metadata')
  })

  // Everything else about it is right: who signs, the version, and every member that its place asks for.
  it.each([
    ['root', 'targets'],
    ['timestamp', 'snapshot'],
    ['snapshot', 'timestamp'],
    ['targets', 'root'],
    ['targets', undefined],
  ])('refuses a %s that calls itself %s', async (role, type) => {
    const { repo, client } = await scene()
    await client.refresh()
    Object.assign(repo.metadata.get(role), { _type: type })
    if (role === 'targets') repo.bump(role)
    if (role === 'root') repo.bump(role)
    else repo.update()
    expect(await client.refresh()).toBe('trust.bad-metadata')
    expect(client.versions()[role]).toBe(1)
  })

  it('keeps fields that it does not know, as part of what was signed', async () => {
    const { repo, client } = await scene()
    await client.refresh()
    repo.root['custom-field'] = 'value'
    const [keyid] = repo.root.roles.root.keyids
    repo.root.keys[keyid]['extra-field'] = { a: 1, b: 2 }
    repo.root.roles.root['another-field'] = 'value'
    repo.bump('root')
    expect(await client.refresh()).toBe('ok')
    expect(client.versions().root).toBe(2)
  })

  it('does not mind the old member keyid_hash_algorithms', async () => {
    const { repo, client } = await scene()
    for (const key of Object.values(repo.root.keys) as { keyid_hash_algorithms?: string[] }[]) {
      key.keyid_hash_algorithms = ['md5']
    }
    repo.bump('root')
    expect(await client.refresh()).toBe('ok')
  })

  it('keeps files byte for byte', async () => {
    const { repo, client } = await scene()
    const unusual = Buffer.concat([repo.file('timestamp.json'), Buffer.from(' \n')])
    repo.published.set('timestamp.json', unusual)
    await client.refresh()
    expect(Buffer.from(client.cache.timestamp!)).toEqual(unusual)
    expect(Buffer.from(client.cache.roles.get('targets')!)).toEqual(repo.file('1.targets.json'))
    expect(Buffer.from(client.cache.snapshot!)).toEqual(repo.file('1.snapshot.json'))
  })

  it('reads a repository without consistent snapshots', async () => {
    const { repo, client } = await scene()
    repo.root.consistent_snapshot = false
    repo.bump('root')
    repo.targetFiles.set('dir/file', Buffer.from('plain'))
    repo.addTarget('targets', 'dir/file', 'plain')
    repo.bump('targets')
    repo.update()
    expect(await client.download('dir/file')).toBe('plain')
    expect(repo.requests).toContain('snapshot.json')
  })

  it.each([
    ['1.0', 'ok'],
    ['1.0.0', 'ok'],
    ['1.0.34', 'ok'],
    ['1.99.7', 'ok'],
    ['2.0.0', 'trust.unsupported-spec'],
    ['0.9', 'trust.unsupported-spec'],
    ['1', 'trust.unsupported-spec'],
    ['1.0.31-rc', 'trust.unsupported-spec'],
    ['11.0.0', 'trust.unsupported-spec'],
  ])('judges a specification by its major version: %s', async (version, code) => {
    const { repo, client } = await scene()
    repo.timestamp.spec_version = version
    repo.bump('timestamp')
    expect(await client.refresh()).toBe(code)
  })

  it('does not mind roles and keys that it has no use for', async () => {
    const { repo, client } = await scene()
    const spare = makeSigner()
    repo.root.keys[spare.keyid] = spare.key
    repo.root.roles.mirrors = { keyids: [spare.keyid, 'nowhere'], threshold: 7 }
    repo.root.roles.targets.keyids.push('nowhere')
    repo.snapshot.meta['root.json'] = { version: 1 }
    repo.bump('root')
    repo.update()
    expect(await client.refresh()).toBe('ok')
  })
})
