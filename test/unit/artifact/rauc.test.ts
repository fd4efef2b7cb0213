import { expect, test } from 'vitest'
import { inspect } from '../../../electron/host/artifact/inspect.ts'
import { parseRaucManifest } from '../../../electron/host/artifact/rauc/manifest.ts'
import { verityRoot } from '../../../electron/host/artifact/rauc/verity.ts'
import { memorySource } from '../../../electron/host/artifact/source.ts'
import { readRootFile } from '../../../electron/host/artifact/squashfs/read-file.ts'
import { sha256 } from '../../../electron/host/crypto/hash.ts'
import { SAMPLE_SIGNERS, sample } from '../../fixtures/artifacts/samples.ts'

test('a file of the top folder, and one that is not there', async () => {
  const source = memorySource(sample('plain.raucb'))
  const manifest = Buffer.from((await readRootFile(source, 'manifest.raucm', 10_000)) ?? []).toString()
  expect(parseRaucManifest(manifest)).toMatchObject({ compatible: 'board-a', format: 'plain' })
  expect(await readRootFile(source, 'rootfs.img', 10_000)).toHaveLength(6000)
  expect(await readRootFile(source, 'nothing', 10_000)).toBeNull()
  await expect(readRootFile(source, 'rootfs.img', 5999)).rejects.toMatchObject({ detail: { reason: 'too-large' } })
})

test('plain: a change anywhere in the file system is a bad signature', async () => {
  const bytes = sample('plain.raucb')
  bytes[3000] = (bytes[3000] ?? 0) ^ 1
  expect(await inspect(memorySource(bytes), 'rauc', SAMPLE_SIGNERS)).toMatchObject({ signature: 'bad', signer: null })
})

test('verity: a change in the file system does not fit the signed tree', async () => {
  const bytes = sample('verity.raucb')
  bytes[3000] = (bytes[3000] ?? 0) ^ 1
  await expect(inspect(memorySource(bytes), 'rauc', [])).rejects.toMatchObject({ code: 'artifact.corrupt' })
})

test.each([
  ['no group', 'compatible=x', 'manifest'],
  ['a key twice', '[update]\ncompatible=a\ncompatible=b', 'manifest-name-twice'],
  ['a group twice', '[update]\ncompatible=a\n[update]\nversion=1', 'manifest-name-twice'],
  ['nothing that it fits', '[update]\nversion=1', 'no-compatible'],
  ['a format that nobody knows', '[update]\ncompatible=a\n[bundle]\nformat=new', 'bundle-format'],
  ['a tree without a hash', '[update]\ncompatible=a\n[bundle]\nformat=verity', 'bundle-verity'],
])('a manifest with %s is refused', (_, text, reason) => {
  expect(() => parseRaucManifest(text)).toThrow(new RegExp(reason))
})

test('hooks, variants and remarks', () => {
  const manifest = parseRaucManifest(
    '# made by hand\n[update]\n compatible = board-a \n[hooks]\nfilename=hook.sh\n[image.rootfs.big]\nfilename=a.img\nhooks=install\n',
  )
  expect(manifest).toMatchObject({
    compatible: 'board-a',
    hooks: 'hook.sh',
    images: [{ slotClass: 'rootfs.big', filename: 'a.img', hooks: 'install', size: null }],
  })
})

/** The same tree, built level by level in memory. */
function slowRoot(data: Buffer, salt: Buffer): Buffer {
  let level = data
  for (;;) {
    const digests = []
    for (let at = 0; at < level.length; at += 4096) digests.push(sha256(salt, level.subarray(at, at + 4096)))
    if (digests.length === 1) return Buffer.from(digests[0] as Uint8Array)
    level = Buffer.concat(digests)
    level = Buffer.concat([level, Buffer.alloc((4096 - (level.length % 4096)) % 4096)])
  }
}

test.each([1, 2, 127, 128, 129, 256, 300, 128 * 128, 128 * 128 + 1])(
  'a dm-verity tree over %d blocks',
  async (blocks) => {
    const data = Buffer.alloc(blocks * 4096)
    for (let at = 0; at < data.length; at += 4096) data.writeUInt32LE(at, at)
    const salt = Buffer.from('00112233', 'hex')
    async function* pieces() {
      for (let at = 0; at < data.length; at += 100_000) yield data.subarray(at, at + 100_000)
    }
    expect(Buffer.from(await verityRoot(pieces(), salt)).equals(slowRoot(data, salt))).toBe(true)
  },
)
