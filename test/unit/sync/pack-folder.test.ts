import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PACK_FOLDER, PackFolder } from '../../../electron/host/sync/packs/pack-folder.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

async function pack(): Promise<{ readonly folder: PackFolder; readonly dir: string }> {
  const dir = join(tempDir(), PACK_FOLDER)
  mkdirSync(join(dir, 'metadata'), { recursive: true })
  writeFileSync(join(dir, 'metadata', 'timestamp.json'), '{}')
  writeFileSync(join(dir, '..', 'secret'), 'not of the pack')
  return { folder: await PackFolder.find(join(dir, '..')), dir }
}

describe('a pack is read with suspicion', () => {
  it.each([
    [['..', 'secret']],
    [['metadata', '..', '..', 'secret']],
    [['../secret']],
    [['metadata', '..\\..\\secret']],
    [['.', 'metadata', 'timestamp.json']],
    [['', 'metadata', 'timestamp.json']],
    [['metadata', 'timestamp.json.']],
    [['metadata', 'timestamp.json ']],
    [['metadata', 'timestamp.json:stream']],
    [['metadata', 'timestamp.json\u0000']],
    [['metadata', 'a'.repeat(256)]],
  ])('%j is no name in it', async (name) => {
    const { folder } = await pack()
    for (const look of [folder.size(name), folder.bytes(name, 100), folder.stream(name, 0)]) {
      await expect(look).rejects.toMatchObject({ code: 'pack.bad-file', detail: { why: 'name' } })
    }
  })

  it('no link is followed, neither of a file nor of a folder', async () => {
    const { folder, dir } = await pack()
    symlinkSync(join(dir, '..', 'secret'), join(dir, 'metadata', 'snapshot.json'))
    symlinkSync(join(dir, '..'), join(dir, 'artifacts'))
    await expect(folder.bytes(['metadata', 'snapshot.json'], 100)).rejects.toMatchObject({ code: 'pack.bad-file' })
    await expect(folder.bytes(['artifacts', 'secret'], 100)).rejects.toMatchObject({ code: 'pack.bad-file' })
  })

  it('no more is read than may be, and a file that is not there is none', async () => {
    const { folder } = await pack()
    await expect(folder.bytes(['metadata', 'timestamp.json'], 1)).rejects.toMatchObject({ code: 'trust.too-large' })
    await expect(folder.bytes(['metadata', 'timestamp.json'], 2)).resolves.toHaveLength(2)
    await expect(folder.bytes(['metadata', 'root.json'], 2)).resolves.toBeNull()
  })
})
