import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { WorkerPool } from '../../../electron/host/worker/pool.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const workerUrl = new URL('../../../electron/host/worker/worker.ts', import.meta.url)

function pool(size?: number, url = workerUrl): WorkerPool {
  const made = new WorkerPool(size === undefined ? { workerUrl: url } : { workerUrl: url, size })
  onTestFinished(() => made.close())
  return made
}
function file(bytes: Uint8Array): string {
  const path = join(tempDir(), 'file')
  writeFileSync(path, bytes)
  return path
}

it('hashes a file on another thread, with progress', async () => {
  const bytes = Buffer.alloc(3_000_000, 'x')
  const seen: number[] = []
  const hash = await pool().run('hash-file', { path: file(bytes) }, { onProgress: (n) => seen.push(n) })
  expect(hash).toEqual({ sha256: sha256Hex(bytes), length: bytes.length })
  expect(seen.at(-1)).toBe(bytes.length)
})

it('does more tasks than it has threads', async () => {
  const path = file(Buffer.from('x'))
  const two = pool(2)
  const all = await Promise.all(Array.from({ length: 20 }, () => two.run('hash-file', { path })))
  expect(new Set(all.map(({ sha256 }) => sha256))).toEqual(new Set([sha256Hex('x')]))
})

it('carries errors across as codes', async () => {
  const one = pool(1)
  await expect(one.run('hash-file', { path: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'file.not-found' })
  const folder = join(tempDir(), 'folder')
  mkdirSync(folder)
  await expect(one.run('hash-file', { path: folder })).rejects.toMatchObject({ code: 'file.unreadable' })
  await expect(one.run('hash-file', { path: file(Buffer.from('x')) })).resolves.toMatchObject({ length: 1 })
})

it('stops a task that runs, and one that waits', async () => {
  const one = pool(1)
  const path = file(Buffer.alloc(64 * 1024 * 1024))
  const stop = new AbortController()
  const running = one.run('hash-file', { path }, { signal: stop.signal, onProgress: () => stop.abort() })
  const waiting = one.run('hash-file', { path }, { signal: stop.signal })
  const outcomes = await Promise.allSettled([running, waiting])
  expect(outcomes).toMatchObject([{ reason: { code: 'cancelled' } }, { reason: { code: 'cancelled' } }])
  await expect(one.run('hash-file', { path }, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
  await expect(one.run('hash-file', { path: file(Buffer.from('x')) })).resolves.toMatchObject({ length: 1 })
})

it('survives a thread that cannot start', async () => {
  const broken = pool(1, new URL('file:///nowhere/worker.ts'))
  await expect(broken.run('hash-file', { path: 'x' })).rejects.toMatchObject({ code: 'internal' })
})

it('gives up what is left when it is closed', async () => {
  const one = pool(1)
  const path = file(Buffer.alloc(64 * 1024 * 1024))
  const left = [one.run('hash-file', { path }), one.run('hash-file', { path })].map((work) =>
    work.catch((error) => error),
  )
  await one.close()
  for (const error of await Promise.all(left)) expect(error).toMatchObject({ code: 'cancelled' })
  await expect(one.run('hash-file', { path })).rejects.toMatchObject({ code: 'cancelled' })
})
