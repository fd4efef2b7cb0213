import { describe, expect, it } from 'vitest'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import type { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { scene } from '../../fixtures/tuf/scene.ts'
import { makeSigner } from '../../fixtures/tuf/signer.ts'

/** [delegator, role, paths, terminating] */
type Edge = readonly [string, string, (readonly string[])?, boolean?]

function build(repo: RepositorySimulator, edges: readonly Edge[]): void {
  for (const [delegator, name, paths, terminating] of edges) {
    repo.delegate(delegator, { name, paths: paths ?? ['*'], terminating: terminating ?? false })
  }
  for (const role of repo.metadata.keys()) if (!['root', 'snapshot', 'timestamp'].includes(role)) repo.publish(role)
  repo.bump('targets')
  repo.update()
}

/** Delegated roles that were asked for, in order. */
function visited(repo: RepositorySimulator): string[] {
  return repo.requests.flatMap((name) => /^\d+\.(.+)\.json$/.exec(name)?.[1] ?? []).filter((role) => !TOP.has(role))
}
const TOP = new Set(['root', 'snapshot', 'targets'])

const GRAPHS: readonly [string, readonly Edge[], readonly string[]][] = [
  ['one role', [['targets', 'A']], ['A']],
  [
    'two roles in order',
    [
      ['targets', 'A'],
      ['targets', 'B'],
    ],
    ['A', 'B'],
  ],
  [
    'two levels',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
    ],
    ['A', 'B', 'C'],
  ],
  [
    'depth first',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['A', 'D'],
    ],
    ['A', 'C', 'D', 'B'],
  ],
  [
    'depth first, three levels',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['C', 'D'],
    ],
    ['A', 'C', 'D', 'B'],
  ],
  [
    'terminating ends all others',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', ['*'], true],
      ['A', 'D'],
    ],
    ['A', 'C'],
  ],
  [
    'but not its own',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', ['*'], true],
      ['C', 'D'],
    ],
    ['A', 'C', 'D'],
  ],
  [
    'only where paths match',
    [
      ['targets', 'A', ['*.py']],
      ['targets', 'B'],
      ['A', 'C'],
    ],
    ['B'],
  ],
  [
    'only where all paths match',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', ['*.py']],
      ['C', 'D'],
    ],
    ['A', 'B'],
  ],
  [
    'a cycle',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['C', 'D'],
      ['D', 'B'],
    ],
    ['A', 'B', 'C', 'D'],
  ],
  [
    'two to a third',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['A', 'C'],
    ],
    ['A', 'C', 'B'],
  ],
  [
    'two to a third, one way open',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['A', 'C', ['*.py']],
    ],
    ['A', 'B', 'C'],
  ],
  [
    'terminating that does not cover',
    [
      ['targets', 'A', ['*.py'], true],
      ['targets', 'B'],
    ],
    ['B'],
  ],
]

describe('delegation graphs', () => {
  it.each(GRAPHS)('%s', async (_name, edges, order) => {
    const { repo, client } = await scene()
    build(repo, edges)
    expect(await client.download('missingpath')).toBe('not found')
    expect(visited(repo)).toEqual(order)
  })

  it.each([
    ['targetfile', 'targetfile content', []],
    ['README.md', 'README by A', ['A']],
    ['releases/x/x_v1', 'x release by C', ['B', 'C']],
    ['releases/y/y_v1.zip', 'y release by D', ['B', 'D']],
    ['releases/z/z_v1.zip', 'not found', ['B']],
  ])('finds %s where it is delegated to', async (path, content, order) => {
    const { repo, client } = await scene()
    repo.addTarget('targets', 'targetfile', 'targetfile content')
    build(repo, [
      ['targets', 'A', ['*.doc', '*.md']],
      ['targets', 'B', ['releases/*/*']],
      ['B', 'C', ['releases/x/*']],
      ['B', 'D', ['releases/y/*.zip']],
    ])
    repo.addTarget('A', 'README.md', 'README by A')
    repo.addTarget('C', 'releases/x/x_v1', 'x release by C')
    repo.addTarget('D', 'releases/y/y_v1.zip', 'y release by D')
    repo.addTarget('D', 'releases/z/z_v1.zip', 'z release by D')
    repo.publish('A', 'C', 'D')
    expect(await client.download(path)).toBe(content)
    expect(visited(repo)).toEqual(order)
  })

  it('takes the first role that names a target', async () => {
    const { repo, client } = await scene()
    build(repo, [
      ['targets', 'A'],
      ['targets', 'B'],
    ])
    repo.addTarget('A', 'x', 'by A')
    repo.addTarget('B', 'x', 'by B')
    repo.publish('A', 'B')
    expect(await client.download('x')).toBe('by A')
    expect(visited(repo)).toEqual(['A'])
  })

  it('judges a role it holds by whoever delegates to it now', async () => {
    const { repo, url } = await scene()
    const client = new ClientUnderTest({ url, root: repo.firstRoot() })
    build(repo, [
      ['targets', 'A', ['a*']],
      ['targets', 'B', ['b*']],
      ['A', 'C'],
    ])
    repo.addTarget('C', 'apple', 'apple')
    repo.addTarget('C', 'banana', 'banana')
    // B names C too, with a key that has never signed anything.
    repo.metadata.get('B').delegations = {
      keys: {},
      roles: [{ name: 'C', keyids: [], threshold: 1, terminating: false, paths: ['*'] }],
    }
    const stranger = makeSigner()
    repo.metadata.get('B').delegations.keys[stranger.keyid] = stranger.key
    repo.metadata.get('B').delegations.roles[0].keyids.push(stranger.keyid)
    repo.publish('B', 'C')
    expect(await client.download('apple')).toBe('apple')
    expect(client.cache.roles.has('C')).toBe(true)
    expect(await client.download('banana')).toBe('trust.threshold')
    // In one and the same refresh, too.
    const both = client.client()
    await both.refresh()
    expect(await both.find('apple')).not.toBeNull()
    await expect(both.find('banana')).rejects.toMatchObject({ code: 'trust.threshold' })
  })

  it('takes a role that two delegate to, when it is signed for both', async () => {
    const { repo, client } = await scene()
    const [one, two] = [makeSigner(), makeSigner()]
    repo.delegate('targets', { name: 'A', paths: ['a*'] })
    repo.delegate('targets', { name: 'B', paths: ['b*'] })
    repo.delegate('A', { name: 'C', signers: [one] })
    repo.delegate('B', { name: 'C', signers: [two] })
    repo.signers.set('C', [one, two])
    for (const path of ['apple', 'banana']) repo.addTarget('C', path, path)
    repo.bump('A', 'B', 'C', 'targets')
    repo.update()
    const both = client.client()
    await both.refresh()
    for (const path of ['apple', 'banana']) expect(await both.find(path)).toMatchObject({ path })
    expect(visited(repo)).toEqual(['A', 'C', 'B'])
  })

  // Where the snapshot names no hashes, whoever may sign B for A alone could show it one B and the other another, and
  // with the keys that the first names for C speak for what only the second delegates.
  it('takes no second face of a role that it has already seen', async () => {
    const { repo, client } = await scene()
    const [thief, honest, forged, right] = [makeSigner(), makeSigner(), makeSigner(), makeSigner()]
    repo.delegate('targets', { name: 'A', paths: ['a*'] })
    repo.delegate('targets', { name: 'Z', paths: ['z*'] })
    repo.delegate('A', { name: 'B', signers: [thief] })
    repo.delegate('Z', { name: 'B', signers: [honest] })
    repo.delegate('B', { name: 'C', signers: [right] })
    repo.addTarget('C', 'zebra', 'what the publisher meant')
    repo.bump('A', 'Z', 'B', 'C', 'targets')
    repo.update()
    const [name, c] = [`${repo.metadata.get('B').version}.B.json`, `${repo.metadata.get('C').version}.C.json`]
    repo.signers.set('B', [honest])
    const good = repo.sign('B')
    const [delegation] = repo.metadata.get('B').delegations.roles
    repo.metadata.get('B').delegations.keys = { [forged.keyid]: forged.key }
    delegation.keyids = [forged.keyid]
    for (const path of ['apple', 'zebra']) repo.addTarget('C', path, 'what the thief would like')
    repo.published.set(c, repo.sign('C', [forged]))
    repo.published.set(name, repo.sign('B', [thief]))
    const both = client.client()
    await both.refresh()
    expect(await both.find('apple')).not.toBeNull()
    repo.published.set(name, good)
    await expect(both.find('zebra')).rejects.toMatchObject({ code: 'trust.mix-and-match', detail: { role: 'B' } })
  })

  it('refuses a delegated role that the snapshot does not list', async () => {
    const { repo, client } = await scene()
    build(repo, [['targets', 'A']])
    repo.addTarget('A', 'x', 'x')
    repo.publish('A')
    delete repo.snapshot.meta['A.json']
    repo.bump('snapshot')
    repo.updateTimestamp()
    expect(await client.download('x')).toBe('trust.mix-and-match')
  })

  it('stops a search that would ask too many roles', async () => {
    const { repo, url } = await scene()
    build(
      repo,
      Array.from({ length: 12 }, (_, i): Edge => ['targets', `r${i}`]),
    )
    const patient = new ClientUnderTest({ url, root: repo.firstRoot() })
    expect(await patient.download('x')).toBe('not found')
    const hurried = new ClientUnderTest({ url, root: repo.firstRoot(), limits: { delegations: 5 } })
    expect(await hurried.download('x')).toBe('trust.too-many-delegations')
  })

  it('follows path hash prefixes', async () => {
    const { repo, client } = await scene()
    // SHA-256 of "a" begins with ca97, of "b" with 3e23.
    repo.delegate('targets', { name: 'low', prefixes: ['0', '3e'] })
    repo.delegate('targets', { name: 'high', prefixes: ['ca'] })
    repo.addTarget('high', 'a', 'from high')
    repo.addTarget('low', 'b', 'from low')
    repo.addTarget('high', 'b', 'not covered')
    repo.publish('low', 'high')
    repo.bump('targets')
    repo.update()
    expect(await client.download('a')).toBe('from high')
    expect(await client.download('b')).toBe('from low')
  })

  it.each([1, 4, 8, 10])('follows succinct hash bins of %i bits', async (bits) => {
    const { repo, client } = await scene()
    repo.delegateBins('targets', 'bin', bits)
    const paths = ['a', 'b', 'artifacts/crane.bin', 'artifacts/ø.swu']
    for (const path of paths) {
      const bin = repo.binOf(path, 'bin', bits)
      repo.addTarget(bin, path, `content of ${path}`)
      repo.publish(bin)
    }
    repo.bump('targets')
    repo.update()
    for (const path of paths) expect(await client.download(path)).toBe(`content of ${path}`)
    expect(new Set(visited(repo)).size).toBeLessThanOrEqual(paths.length)
    // A bin speaks for its own paths only.
    const stray = ['c', 'd', 'e', 'f', 'g', 'h'].find(
      (path) => repo.binOf(path, 'bin', bits) !== repo.binOf('a', 'bin', bits),
    )
    repo.addTarget(repo.binOf('a', 'bin', bits), stray ?? '', 'not mine')
    repo.bump(repo.binOf('a', 'bin', bits))
    repo.update()
    expect(await client.download(stray ?? '')).toBe('not found')
  })

  it.each([
    ['two kinds of paths', { paths: ['*'], path_hash_prefixes: ['00'] }],
    ['no paths', { paths: undefined }],
    ['the name of a top-level role', { name: 'root' }],
    ['no name', { name: '' }],
    ['no threshold', { threshold: 0 }],
    ['a key twice', { keyids: ['a', 'a'] }],
    ['no word on terminating', { terminating: undefined }],
  ])('refuses a delegation with %s', async (_what, change) => {
    const { repo, client } = await scene()
    repo.delegate('targets', { name: 'A' })
    Object.assign(repo.targets.delegations.roles[0], change)
    repo.bump('targets')
    repo.update()
    expect(await client.refresh()).toBe('trust.bad-metadata')
  })
})
