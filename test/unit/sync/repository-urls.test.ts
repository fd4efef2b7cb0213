import { expect, it } from 'vitest'
import { artifactUrl, metadataUrl, repositoryUrls } from '../../../electron/host/sync/repository-urls.ts'

const urls = repositoryUrls('https://depot.example/fleet')

it('knows where a repository keeps its files', () => {
  expect(urls).toEqual({
    metadata: 'https://depot.example/fleet/metadata/',
    targets: 'https://depot.example/fleet/targets/',
  })
  expect(repositoryUrls('https://depot.example/fleet/')).toEqual(urls)
  expect(repositoryUrls('http://127.0.0.1:8080').metadata).toBe('http://127.0.0.1:8080/metadata/')
})

it.each(['', 'depot', 'ftp://x/', 'https://x/?a=1', 'https://x/#a', 'https://me:secret@x/'])('refuses "%s"', (base) => {
  expect(() => repositoryUrls(base)).toThrow(expect.objectContaining({ code: 'sync.bad-url' }))
})

it.each([
  ['plans', 3, '3.plans.json'],
  ['timestamp', null, 'timestamp.json'],
  ['?', 1, '1.%3F.json'],
  ['../up', 1, '1...%2Fup.json'],
  ["a!'()*b", 1, '1.a%21%27%28%29%2Ab.json'],
  ['\ud800', 1, '1.%EF%BF%BD.json'],
])('quotes the role %s', (role, version, file) => {
  expect(metadataUrl(urls, role, version)).toBe(`https://depot.example/fleet/metadata/${file}`)
})

it('puts the hash before the name', () => {
  const target = {
    path: 'artifacts/a b/c#1.bin',
    length: 1,
    sha256: 'ab'.repeat(32),
    custom: null,
    role: 'x',
    chain: [],
  }
  expect(artifactUrl(urls, target)).toBe(
    `https://depot.example/fleet/targets/artifacts/a%20b/${'ab'.repeat(32)}.c%231.bin`,
  )
})
