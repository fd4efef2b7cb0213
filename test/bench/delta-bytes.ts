/**
 * What a console moves for a 512 MB root file system of Debian with the security archive's upgrades when it holds the
 * one without: everything that it asks a server for, counted on the wire, against the tools of the field on the same two
 * files. Last line: our bytes divided by the better of `xdelta3 -9` and `zstd -19 --patch-from`.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianImages, has, megabytes, run, size } from '../fixtures/delta-images.ts'
import { bsdiffBytes, casyncBytes, rsyncBytes, zchunkBytes } from '../fixtures/delta-rivals.ts'
import { wireBytes } from '../fixtures/delta-wire.ts'

const images = await debianImages()
console.log(`ext4, 512 MB; ${images.upgraded} packages upgraded`)
const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
try {
  const at = (name: string) => join(dir, name)
  const say = (name: string, bytes: number) => {
    console.log(`${name.padEnd(34)} ${megabytes(bytes)}`)
    return bytes
  }
  const ours = say('ours, everything on the wire', (await wireBytes(images, 'delta', dir)).bytes)
  run('xdelta3', '-9', '-B', String(2 ** 30), '-e', '-f', '-s', images.old, images.new, at('xdelta'))
  const xdelta = say('xdelta3 -9', size(at('xdelta')))
  run('zstd', '-q', '-19', '--long=31', '-f', `--patch-from=${images.old}`, images.new, '-o', at('patch'))
  const patch = say('zstd -19 --patch-from', size(at('patch')))
  say('casync, 16 KiB chunks', casyncBytes(images, dir))
  if (has('zck')) say('zchunk', zchunkBytes(images, dir))
  else console.log('zchunk is not on this machine, and its archive has none')
  say('rsync -z', rsyncBytes(images, dir))
  run('zstd', '-q', '-19', '--long=27', '-f', images.new, '-o', at('whole'))
  say('zstd -19, whole', size(at('whole')))
  const said = bsdiffBytes(images, at('bsdiff'))
  if (typeof said === 'number') say('bsdiff', said)
  else console.log(`bsdiff did not get through: ${said}`)
  console.log(`delta-bytes ratio=${(ours / Math.min(xdelta, patch)).toFixed(3)}`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
