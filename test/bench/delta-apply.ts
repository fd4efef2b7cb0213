/**
 * How long it takes to make the new 512 MB file from the older one and a delta, on a thread of its own as in the
 * product, its hash included, against `xdelta3 -d` with its own delta for the same pair. In turns. Last line: our time
 * divided by theirs; above it the memory that the work takes.
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashFile } from '../../electron/host/crypto/hash.ts'
import { makeDelta } from '../../electron/host/delta/make-delta.ts'
import { debianImages, megabytes, run, size } from '../fixtures/delta-images.ts'

const ROUNDS = 5

const images = await debianImages()
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
try {
  const at = (name: string) => join(dir, name)
  await makeDelta({ old: images.old, new: images.new, out: at('delta') })
  run('xdelta3', '-9', '-B', String(2 ** 30), '-e', '-f', '-s', images.old, images.new, at('xdelta'))
  const wanted = (await hashFile(images.new)).sha256
  const child = new URL('../fixtures/delta-apply-child.ts', import.meta.url).pathname
  const [ours, theirs]: [number[], number[]] = [[], []]
  let memory = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const job = [child, at('delta'), images.old, at('ours'), String(size(images.new))]
    const said = JSON.parse(execFileSync(process.execPath, [...process.execArgv, ...job]).toString())
    if (said.sha256 !== wanted) throw new Error('another file')
    ours.push(said.seconds)
    memory = Math.max(memory, said.memory)
    const start = performance.now()
    const { status } = spawnSync('xdelta3', [
      '-d',
      '-f',
      '-B',
      String(2 ** 30),
      '-s',
      images.old,
      at('xdelta'),
      at('theirs'),
    ])
    theirs.push((performance.now() - start) / 1000)
    if (status !== 0) throw new Error('xdelta3')
  }
  console.log(
    `ours       ${median(ours).toFixed(2)} s, delta of ${megabytes(size(at('delta')))}, ${megabytes(memory)} resident at most`,
  )
  console.log(`xdelta3 -d ${median(theirs).toFixed(2)} s, delta of ${megabytes(size(at('xdelta')))}`)
  console.log(`delta-apply ratio=${(median(ours) / median(theirs)).toFixed(3)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
