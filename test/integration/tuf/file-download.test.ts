import { describe, expect, it } from 'vitest'
import { scene } from '../../fixtures/tuf/scene.ts'
import { TufCli } from '../../fixtures/tuf/tuf-cli.ts'

describe('file download', () => {
  it.each(['target_file.txt', 'path/to/a/target_file.txt', 'with space/ü?#%.bin'])('gets %s', async (path) => {
    const { repo, client } = await scene()
    repo.addTarget('targets', path, 'content')
    repo.bump('targets')
    repo.update()
    expect(await client.download(path)).toBe('content')
  })

  it('refuses what the repository has put in its place', async () => {
    const { repo, client } = await scene()
    repo.addTarget('targets', 'a', 'content')
    repo.bump('targets')
    repo.update()
    for (const name of repo.targetFiles.keys()) repo.targetFiles.set(name, Buffer.from('CONTENT'))
    expect(await client.download('a')).toBe('trust.hash-mismatch')
    for (const name of repo.targetFiles.keys()) repo.targetFiles.set(name, Buffer.from('conten'))
    expect(await client.download('a')).toBe('trust.length-mismatch')
    for (const name of repo.targetFiles.keys()) repo.targetFiles.set(name, Buffer.from('content, and more'))
    expect(await client.download('a')).toBe('trust.too-large')
  })

  it('follows many changes of one target', async () => {
    const { repo, client } = await scene()
    for (let i = 0; i < 6; i += 1) {
      repo.addTarget('targets', 'a', `content ${i}`)
      repo.bump('targets')
      repo.update()
      expect(await client.download('a')).toBe(`content ${i}`)
    }
  })

  it.each([[['sha256']], [['sha512']], [['sha512', 'sha256']]] as const)('checks by %s', async (hashes) => {
    const { repo, client } = await scene()
    repo.addTarget('targets', 'a', 'content', { hashes })
    repo.bump('targets')
    repo.update()
    expect(await client.download('a')).toBe('content')
  })

  it.each([{ 'unknown-hash': 'ab'.repeat(32) }, { sha1: 'ab'.repeat(20) }, { md5: 'ab'.repeat(16) }, {}])(
    'takes no hash for proof that proves nothing: %s',
    async (hashes) => {
      const { repo, client } = await scene()
      repo.addTarget('targets', 'a', 'content')
      repo.targets.targets.a.hashes = hashes
      repo.targetFiles.set('.a', Buffer.from('content'))
      repo.bump('targets')
      repo.update()
      expect(await client.download('a')).toBe('trust.hash-mismatch')
    },
  )

  it.each(['../a', 'a/../b', '/etc/passwd', 'a//b', '.'])('asks for no path that climbs: %s', async (path) => {
    const { repo, client } = await scene()
    repo.addTarget('targets', path, 'content')
    repo.bump('targets')
    repo.update()
    expect(await client.download(path)).toBe('trust.bad-metadata')
  })

  it('artifact cache: asks for nothing that it holds', async () => {
    const cli = await TufCli.scene()
    cli.repo.addTarget('targets', 'a', 'content')
    cli.repo.bump('targets')
    cli.repo.update()
    for (let i = 0; i < 2; i += 1) expect(await cli.download('a')).toMatchObject({ code: 0 })
    expect(cli.repo.requests.filter((name) => name.endsWith('.a'))).toHaveLength(1)
  })
})
