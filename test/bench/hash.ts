/**
 * Streaming SHA-256 of a 1 GiB file by the code that checks artifacts, against coreutils' `sha256sum` on the same
 * file in the same run. Both read it from the page cache. Last line: our time divided by theirs.
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashBlocks, hashFile } from '../../electron/host/crypto/hash.ts'
import { randomBytes } from '../../electron/host/crypto/random.ts'
import { median } from '../fixtures/in-turns.ts'

const MIB = 1024 * 1024
const SIZE = 1024 * MIB
const ROUNDS = 3

const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
try {
  const path = join(dir, 'artifact')
  await makeFile(path)
  const theirs: number[] = []
  const ours: number[] = []
  const withBlocks: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    let expected = ''
    theirs.push(
      await seconds(async () => {
        expected = execFileSync('sha256sum', [path]).toString().slice(0, 64)
      }),
    )
    ours.push(await seconds(async () => requireSame((await hashFile(path)).sha256, expected)))
    withBlocks.push(await seconds(async () => requireSame((await hashBlocks(path)).sha256, expected)))
  }
  const say = (name: string, times: readonly number[]) =>
    console.log(`${name}: ${median(times).toFixed(3)} s, ${Math.round(SIZE / MIB / median(times))} MiB/s`)
  say('sha256sum', theirs)
  say('hashFile', ours)
  say('hashBlocks (each block as well)', withBlocks)
  console.log(`hash ratio=${(median(ours) / median(theirs)).toFixed(3)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function makeFile(path: string): Promise<void> {
  const file = await open(path, 'w')
  const block = randomBytes(MIB)
  for (let at = 0; at < SIZE; at += MIB) {
    block.set(Buffer.from(String(at)))
    await file.write(block)
  }
  await file.close()
}

function requireSame(found: string, expected: string): void {
  if (found !== expected) throw new Error(`${found} is not ${expected}`)
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
