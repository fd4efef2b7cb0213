import { describe, expect, it } from 'vitest'
import { scene } from '../../fixtures/tuf/scene.ts'
import { makeSigner, type Signer } from '../../fixtures/tuf/signer.ts'

/** The same key under another id: what the id is made of is nobody's business. */
const alias = (signer: Signer, n: number): Signer => ({ ...signer, keyid: `${n}`.padStart(64, '0') })
/** The same Ed25519 key spelled in PEM. */
const respelled = (signer: Signer): Signer => {
  const raw = Buffer.from(signer.key.keyval.public, 'hex')
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]).toString('base64')
  const pem = `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`
  return { ...signer, keyid: 'f'.repeat(64), key: { ...signer.key, keyval: { public: pem } } }
}

describe('keys', () => {
  it('counts signatures of the role, not keys of the root', async () => {
    const { repo, client } = await scene()
    repo.trust('snapshot', makeSigner())
    repo.trust('snapshot', makeSigner())
    repo.root.roles.snapshot.threshold = 2
    repo.bump('root')
    repo.update()
    expect(await client.refresh()).toBe('trust.threshold')
    expect(client.versions()).toEqual({ root: 2, timestamp: 2 })
  })

  it('fails closed when the threshold is more than there are keys', async () => {
    const { repo, client } = await scene()
    repo.root.roles.snapshot.threshold = 6
    repo.bump('root')
    repo.update()
    expect(await client.refresh()).toBe('trust.threshold')
  })

  it('counts one key once, under however many ids', async () => {
    const { repo, client } = await scene()
    const [signer] = repo.of('snapshot')
    const many = [signer!, ...[1, 2, 3].map((n) => alias(signer!, n))]
    repo.rotate('snapshot', ...many)
    repo.root.roles.snapshot.threshold = 2
    repo.bump('root')
    repo.update()
    expect(await client.refresh()).toBe('trust.threshold')
  })

  it('counts one key once, in however many spellings', async () => {
    const { repo, client } = await scene()
    const [signer] = repo.of('targets')
    repo.rotate('targets', signer!, respelled(signer!))
    repo.root.roles.targets.threshold = 2
    repo.bump('root', 'targets')
    repo.update()
    expect(await client.refresh()).toBe('trust.threshold')
    repo.root.roles.targets.threshold = 1
    repo.bump('root')
    expect(await client.refresh()).toBe('ok')
  })

  it('refuses a key id twice in the signatures, and twice in a role', async () => {
    const { repo, client } = await scene()
    const file = JSON.parse(Buffer.from(repo.file('1.snapshot.json')).toString())
    file.signatures.push(file.signatures[0])
    repo.published.set('1.snapshot.json', Buffer.from(JSON.stringify(file)))
    expect(await client.refresh()).toBe('trust.bad-metadata')
    const other = await scene()
    other.repo.root.roles.snapshot.keyids.push(other.repo.root.roles.snapshot.keyids[0])
    other.repo.bump('root')
    expect(await other.client.refresh()).toBe('trust.bad-metadata')
  })

  it.each(['rsa', 'ecdsa', 'ed25519'] as const)('works with %s, and refuses a wrong signature of it', async (kind) => {
    const { repo, client } = await scene({ kind })
    expect(await client.refresh()).toBe('ok')
    const signer = makeSigner(kind)
    repo.trust('root', signer)
    repo.of('root').push(signer)
    repo.root.roles.root.threshold = 2
    repo.bump('root')
    expect(await client.refresh()).toBe('ok')
    const other = makeSigner(kind)
    repo.signers.set('root', [repo.of('root')[0]!, { ...signer, sign: (message) => other.sign(message) }])
    repo.bump('root')
    expect(await client.refresh()).toBe('trust.threshold')
    expect(client.versions().root).toBe(2)
  })

  it.each(['ab'.repeat(64), '', 'no hex'])(
    'does not mind a wrong signature beside enough right ones: "%s"',
    async (sig) => {
      const { repo, client } = await scene()
      const extra = makeSigner()
      repo.trust('timestamp', extra)
      repo.bump('root')
      repo.of('timestamp').unshift({ ...extra, sign: () => sig })
      repo.bump('timestamp')
      expect(await client.refresh()).toBe('ok')
    },
  )

  it.each(['kari', 'A KEY/of #7?', 'ab', 'F'.repeat(64)])('takes any name for a key: "%s"', async (keyid) => {
    const { repo, client } = await scene()
    const [targets] = repo.of('targets')
    repo.rotate('targets', { ...targets!, keyid })
    repo.bump('root', 'targets')
    repo.update()
    expect(await client.refresh()).toBe('ok')
    expect(client.versions()).toMatchObject({ root: 2, targets: 2 })
  })

  it('does not take one name in two places for one key', async () => {
    const { repo, client } = await scene()
    const [one, two] = [makeSigner(), makeSigner()].map((signer) => ({ ...signer, keyid: 'same' }))
    repo.delegate('targets', { name: 'A', paths: ['a'], signers: [one!] })
    repo.delegate('A', { name: 'B', signers: [two!] })
    repo.addTarget('B', 'a', 'content')
    repo.bump('A', 'B', 'targets')
    repo.update()
    expect(await client.download('a')).toBe('content')
    repo.signers.set('B', [one!])
    repo.bump('B')
    repo.update()
    expect(await client.download('a')).toBe('trust.threshold')
  })

  it.each([
    ['ed25519', 'ed25519', 'no hex'],
    ['ed25519', 'ed25519', 'ab'.repeat(31)],
    ['ed25519', 'ed25519', '00'.repeat(32)],
    ['ecdsa', 'ecdsa-sha2-nistp256', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['ecdsa', 'ecdsa-sha2-nistp384', 'ab'],
    ['rsa', 'rsassa-pss-sha256', ''],
    ['rsa', 'ed25519', 'ab'.repeat(32)],
    // Of a kind that it does not know.
    ['ml-dsa', 'ml-dsa-65', 'AAAA'],
  ])('lives with a key that is none, beside a good one: %s %s %s', async (keytype, scheme, value) => {
    const { repo, client } = await scene()
    const odd: Signer = {
      keyid: 'odd',
      key: { keytype, scheme, keyval: { public: value } },
      sign: () => '00'.repeat(64),
    }
    repo.trust('targets', odd)
    repo.of('targets').unshift(odd)
    repo.bump('root', 'targets')
    repo.update()
    expect(await client.refresh()).toBe('ok')
    repo.root.roles.targets.threshold = 2
    repo.bump('root')
    expect(await client.refresh()).toBe('trust.threshold')
  })
})
