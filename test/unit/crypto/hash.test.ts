import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createHasher,
  hashFile,
  hashHex,
  isTrustedHash,
  md5Hex,
  sha256Hex,
} from '../../../electron/host/crypto/hash.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-hash-'))
})
afterAll(() => rm(dir, { recursive: true }))

it('knows the FIPS 180-4 answers', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(hashHex('sha512', 'abc')).toMatch(/^ddaf35a193617aba.*a54ca49f$/)
  expect(md5Hex('')).toBe('d41d8cd98f00b204e9800998ecf8427e')
})

it('trusts SHA-256 and SHA-512 only', () => {
  expect(['sha256', 'sha512', 'sha1', 'md5', 'sha3-256', 'SHA256', '__proto__'].filter(isTrustedHash)).toEqual([
    'sha256',
    'sha512',
  ])
})

it.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])(
  'hashes a file of %i bytes',
  async (length) => {
    const data = Buffer.alloc(length, 'slipway')
    const path = join(dir, `f${length}`)
    await writeFile(path, data)
    const seen: number[] = []
    expect(await hashFile(path, { onProgress: (n) => seen.push(n) })).toEqual({ sha256: sha256Hex(data), length })
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1) ?? 0).toBe(length)
  },
)

it('continues a hash from a file', async () => {
  const path = join(dir, 'part')
  await writeFile(path, 'first half, ')
  const hasher = createHasher()
  const { length } = await hashFile(path, { into: hasher })
  hasher.update(Buffer.from('second half'))
  expect(length).toBe(12)
  expect(hasher.hex()).toBe(sha256Hex('first half, second half'))
})

it('stops when told', async () => {
  const path = join(dir, 'long')
  await writeFile(path, Buffer.alloc(8 * 1024 * 1024))
  const stop = new AbortController()
  const work = hashFile(path, { signal: stop.signal, onProgress: () => stop.abort() })
  await expect(work).rejects.toMatchObject({ name: 'AbortError' })
})
