import { describe, expect, it } from 'vitest'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { scene } from '../../fixtures/tuf/scene.ts'
import { makeSigner } from '../../fixtures/tuf/signer.ts'
import { serveSimulator } from '../../fixtures/tuf/simulator-server.ts'

const signers = Array.from({ length: 10 }, () => makeSigner())
const pick = (indices: readonly number[]) => indices.map((i) => signers[i]!)

/** keys of the version, threshold, who signs it, and whether a client may take it */
type Version = readonly [keys: readonly number[], threshold: number, sigs: readonly number[], good?: boolean]
const FIVE = [0, 1, 2, 3, 4]

const ROOTS: readonly [string, readonly Version[]][] = [
  [
    '1 of 1, rotated',
    [
      [[1], 1, [1]],
      [[2], 1, [2, 1]],
      [[2], 1, [2]],
    ],
  ],
  [
    '1 of 1, rotated, with strangers',
    [
      [[1], 1, [3, 1, 4]],
      [[2], 1, [3, 2, 1, 4]],
      [[2], 1, [3, 2, 4]],
    ],
  ],
  [
    '3 of 5, other three each time',
    [
      [FIVE, 3, [0, 2, 4]],
      [FIVE, 3, [0, 4, 1]],
      [FIVE, 3, [0, 1, 3]],
    ],
  ],
  [
    '3 of 5, one rotated',
    [
      [FIVE, 3, [0, 2, 4]],
      [[0, 1, 3, 4, 5], 3, [0, 4, 1]],
    ],
  ],
  [
    '3 of 5, one rotated, with a step between',
    [
      [FIVE, 3, [0, 2, 4]],
      [[0, 1, 3, 4, 5], 3, [0, 2, 4, 5]],
      [[0, 1, 3, 4, 5], 3, [0, 4, 5]],
    ],
  ],
  [
    '3 of 5, all rotated',
    [
      [FIVE, 3, [0, 2, 4]],
      [[5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]],
      [[5, 6, 7, 8, 9], 3, [5, 6, 7]],
    ],
  ],
  [
    'threshold up',
    [
      [[1, 2, 3], 1, [1]],
      [[1, 2, 3], 2, [1, 2]],
    ],
  ],
  [
    'threshold down',
    [
      [[1, 2, 3], 2, [1, 2]],
      [[1, 2, 3], 1, [1, 2]],
      [[1, 2, 3], 1, [1]],
    ],
  ],
  [
    '1 of 1 to 2 of 2',
    [
      [[1], 1, [1]],
      [[1, 2], 2, [1, 2]],
    ],
  ],
  [
    'not signed by the old key',
    [
      [[1], 1, [1]],
      [[2], 1, [2, 3, 4], false],
    ],
  ],
  [
    'not signed by the new key',
    [
      [[1], 1, [1]],
      [[2], 1, [1, 3, 4], false],
    ],
  ],
  [
    'not by three new keys',
    [
      [FIVE, 3, [0, 2, 4]],
      [[0, 1, 3, 4, 5], 3, [0, 2, 4], false],
    ],
  ],
  [
    'not by three old keys',
    [
      [FIVE, 3, [0, 2, 4]],
      [[0, 1, 3, 4, 5], 3, [0, 4, 5], false],
    ],
  ],
  [
    'new threshold not met',
    [
      [[1, 2, 3], 1, [1]],
      [[1, 2, 3], 2, [2], false],
    ],
  ],
  [
    'old threshold not met',
    [
      [[1, 2, 3], 2, [1, 2]],
      [[1, 2, 3], 1, [1], false],
    ],
  ],
]

const OTHERS: readonly [string, Version][] = [
  ['rotated', [[2], 1, [2]]],
  ['with strangers', [[1], 1, [3, 1, 4]]],
  ['not signed by the new key', [[2], 1, [1, 3, 4], false]],
  ['3 of 5, one of them unknown', [[0, 1, 3, 4, 5], 3, [0, 2, 4], false]],
  ['3 of 5, one missing', [[0, 1, 3, 4, 5], 3, [0, 4], false]],
  ['3 of 5, first three', [FIVE, 3, [0, 2, 4]]],
  ['3 of 5, two and the second', [FIVE, 3, [0, 4, 1]]],
  ['3 of 5, first two and one', [FIVE, 3, [0, 1, 3]]],
  ['3 of 5, the middle three', [FIVE, 3, [1, 2, 3]]],
  ['3 of 5, last three', [FIVE, 3, [2, 3, 4]]],
]

describe('key rotations', () => {
  it.each(ROOTS)('root: %s', async (_name, versions) => {
    const repo = new RepositorySimulator()
    for (const [i, [keys, threshold, sigs]] of versions.entries()) {
      repo.root.version = i + 1
      repo.rotate('root', ...pick(keys))
      repo.root.roles.root.threshold = threshold
      repo.published.set(`${i + 1}.root.json`, repo.sign('root', pick(sigs)))
    }
    const client = new ClientUnderTest({ url: await serveSimulator(repo), root: repo.firstRoot() })
    const good = versions.at(-1)![3] ?? true
    expect(await client.refresh()).toBe(good ? 'ok' : 'trust.threshold')
    const newest = good ? versions.length : versions.length - 1
    expect(Buffer.from(client.cache.roots.at(-1)!)).toEqual(repo.file(`${newest}.root.json`))
    expect(client.cache.roots).toHaveLength(newest)
  })

  it.each(
    OTHERS.flatMap(([name, version]) =>
      ['timestamp', 'snapshot', 'targets'].map((role) => [role, name, version] as const),
    ),
  )('%s: %s', async (role, _name, [keys, threshold, sigs, good]) => {
    const { repo, client } = await scene()
    repo.rotate(role, ...pick(keys))
    repo.root.roles[role].threshold = threshold
    repo.signers.set(role, pick(sigs))
    repo.bump('root', 'targets')
    repo.update()
    expect(await client.refresh()).toBe(good === false ? 'trust.threshold' : 'ok')
  })

  it('follows every root that was missed while away', async () => {
    const { repo, client } = await scene()
    for (let i = 0; i < 20; i += 1) {
      const old = repo.of('root')
      repo.rotate('root')
      repo.root.version += 1
      repo.published.set(`${repo.root.version}.root.json`, repo.sign('root', [...old, ...repo.of('root')]))
    }
    expect(await client.refresh()).toBe('ok')
    expect(client.cache.roots).toHaveLength(21)
  })

  it('follows only so many at once, and goes on from there', async () => {
    const { repo, url } = await scene()
    for (let i = 0; i < 6; i += 1) repo.bump('root')
    const client = new ClientUnderTest({ url, root: repo.firstRoot(), limits: { rootRotations: 4 } })
    expect(await client.refresh()).toBe('trust.too-many-roots')
    expect(client.versions()).toEqual({ root: 5 })
    expect(await client.refresh()).toBe('ok')
  })

  it('refuses a chain with a gap', async () => {
    const { repo, client } = await scene()
    repo.bump('root', 'root')
    repo.published.set('2.root.json', repo.file('3.root.json'))
    expect(await client.refresh()).toBe('trust.rollback')
    expect(client.versions().root).toBe(1)
  })

  it('mends a chain that was damaged on the laptop', async () => {
    const { repo, client } = await scene()
    repo.bump('root', 'root', 'root')
    await client.refresh()
    client.cache.roots[2] = Buffer.from('{}')
    client.cache.snapshot = Buffer.from('[')
    client.cache.timestamp = Buffer.from('')
    client.cache.roles.set('targets', Buffer.from('null'))
    expect(await client.refresh()).toBe('ok')
    expect(client.cache.roots).toHaveLength(4)
    expect(client.versions()).toEqual({ root: 4, timestamp: 1, snapshot: 1, targets: 1 })
  })
})
