import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { serveHandler, serveSimulator } from '../../fixtures/tuf/simulator-server.ts'

const FILES: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../../fixtures/tuf/python-tuf/repository.json', import.meta.url), 'utf8'),
)
const NOW = Date.parse('2030-01-01T00:00:00Z')

async function pythonTuf() {
  const requests: string[] = []
  const url = await serveHandler(({ url: path = '/' }, response) => {
    const name = decodeURIComponent(path.slice(1))
    requests.push(name)
    const content = FILES[name]
    response.writeHead(content === undefined ? 404 : 200).end(content)
  })
  const client = new ClientUnderTest({ url, root: Buffer.from(FILES['metadata/1.root.json']!) })
  client.now = NOW
  return { client, requests }
}

describe('static repositories: python-tuf', () => {
  it('follows its root chain, with keys of three kinds', async () => {
    const { client } = await pythonTuf()
    expect(await client.refresh()).toBe('ok')
    expect(client.versions()).toEqual({ root: 3, timestamp: 9, snapshot: 7, targets: 4 })
  })

  it.each([
    ['readme.txt', 'read me\n', []],
    ['docs/håndbok 1.pdf', 'håndbok', ['docs']],
    ['by/hash/prefix', 'prefix', ['hashed']],
    ['bins/artifact-0', 'artifact 0', ['bins', 'bin-']],
    ['bins/artifact-7', 'artifact 7', ['bins', 'bin-']],
    // Hash bins are terminating (TAP 15), and so is the role of the documents.
    ['bins/nothing', 'not found', ['bins', 'bin-']],
    ['docs/nothing', 'not found', ['docs']],
  ])('finds %s where the reference implementation put it', async (path, content, way) => {
    const { client, requests } = await pythonTuf()
    expect(await client.download(path)).toBe(content)
    const roles = requests.flatMap((name) => /^metadata\/4\.(.+)\.json$/.exec(name)?.[1] ?? [])
    const asked = roles.filter((role) => role !== 'root' && role !== 'targets')
    expect(asked.map((role) => role.replace(/^bin-.$/, 'bin-'))).toEqual(way)
  })

  it('finds every artifact in its own bin', async () => {
    const { client } = await pythonTuf()
    for (let i = 0; i < 12; i += 1) expect(await client.download(`bins/artifact-${i}`)).toBe(`artifact ${i}`)
  })
})

describe('static repositories: tuf-on-ci', () => {
  // As tuf-on-ci 0.11 writes it: a short version of the specification, fields of its own in many places,
  // empty signatures of those who have not signed yet, and the key type of an older specification.
  it('reads what it writes', async () => {
    const repo = new RepositorySimulator({ kind: 'ecdsa' })
    for (const metadata of repo.metadata.values()) {
      metadata.spec_version = '1.0'
      metadata['x-tuf-on-ci-expiry-period'] = 7300
    }
    const [signer] = repo.of('targets')
    repo.root.keys[signer!.keyid].keytype = 'ecdsa-sha2-nistp256'
    repo.root.keys[signer!.keyid]['x-tuf-on-ci-keyowner'] = '@kari'
    repo.root.keys[signer!.keyid].keyid_hash_algorithms = ['sha256', 'sha512']
    repo.root.roles.snapshot['x-tuf-on-ci-signing-period'] = 60
    repo.publish('root')
    repo.addTarget('targets', 'a', 'content')
    repo.bump('targets')
    const absent = { ...signer!, keyid: 'a'.repeat(64), sign: () => '' }
    repo.published.set('2.targets.json', repo.sign('targets', [absent, signer!]))
    repo.update()
    const client = new ClientUnderTest({ url: await serveSimulator(repo), root: repo.firstRoot() })
    expect(await client.download('a')).toBe('content')
  })
})
