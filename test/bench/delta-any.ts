/**
 * What a console moves when it holds some older file that nobody made a delta from: the index and the chunks that it lacks,
 * counted on the wire, against `casync` with chunks of 16 KiB and the older file as seed. Last line: ours divided by casync's.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianImages, megabytes } from '../fixtures/delta-images.ts'
import { casyncBytes } from '../fixtures/delta-rivals.ts'
import { wireBytes } from '../fixtures/delta-wire.ts'

const images = await debianImages()
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
try {
  const ours = await wireBytes(images, 'chunks', dir)
  const casync = casyncBytes(images, dir)
  console.log(`ours   ${megabytes(ours.bytes)} in ${ours.requests} requests`)
  console.log(`casync ${megabytes(casync)}`)
  console.log(`delta-any ratio=${(ours.bytes / casync).toFixed(3)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
