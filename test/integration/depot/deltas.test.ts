import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readWays, wayTargets } from '../../../electron/depot/delta-record.ts'
import { targetPlace } from '../../../electron/depot/publish.ts'
import { sha256Hex } from '../../../electron/host/crypto/hash.ts'
import { applyDelta } from '../../../electron/host/delta/apply-delta.ts'
import { Ways } from '../../../shared/model/ways.ts'
import { addVersion as add, craneVersions, deltaDepot } from '../../fixtures/delta-depot.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'

const never = new AbortController().signal

describe('what is made for consoles to fetch less', () => {
  const versions = craneVersions(5, 300_000, 31)
  const DIR = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  afterAll(() => rmSync(DIR, { recursive: true, force: true }))
  let shared: ReturnType<typeof madeWith> | null = null
  const made = () => {
    shared ??= madeWith(2, DIR)
    return shared
  }

  async function madeWith(deltas: number, dir?: string) {
    const { depot } = await deltaDepot(versions, { deltas, ...(dir === undefined ? {} : { dir }) })
    const hashes = versions.map((bytes) => sha256Hex(bytes))
    const records = await Promise.all(hashes.map((sha256) => readWays(depot.layout.ways, sha256)))
    const place = (file: { name: string; sha256: string }) =>
      targetPlace(depot.layout, `artifacts/deltas/${file.name}`, file.sha256)
    return { depot, hashes, records, place }
  }

  it('deltas from the last releases, chains from those before, all of it signed', async () => {
    const { depot, hashes, records, place } = await made()
    const newest = records[4]
    const deltas = newest?.ways.deltas ?? []
    expect(deltas.map(({ from, via }) => [from.version, via?.sha256 ?? null])).toEqual([
      ['1.3.0', null],
      ['1.2.0', null],
      ['1.1.0', expect.stringMatching(new RegExp(`${hashes[2]}|${hashes[3]}`))],
      ['1.0.0', hashes[2]],
    ])
    for (const { files } of deltas) {
      expect(files.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(newest?.ways.compressed?.length ?? 0)
    }
    const signed = JSON.parse(readFileSync(join(depot.layout.metadata, newestRole(depot.layout.metadata)), 'utf8'))
    for (const { path, length, sha256 } of newest ? wayTargets(newest) : []) {
      expect(signed.signed.targets[path]).toEqual({ length, hashes: { sha256 } })
      expect(statSync(targetPlace(depot.layout, path, sha256)).size).toBe(length)
    }
    const { ways } = signed.signed.targets['artifacts/crane-1.4.0.bin'].custom
    expect(Ways.parse(JSON.parse(readFileSync(place(ways), 'utf8')))).toEqual(newest?.ways)
  })

  it('make the signed file', async () => {
    const { records, place, depot, hashes } = await made()
    const out = join(tempDir(), 'out')
    const { compressed, deltas } = records[4]?.ways ?? { compressed: null, deltas: [] }
    const length = versions[4]?.length ?? 0
    const old = targetPlace(depot.layout, 'artifacts/crane-1.3.0.bin', hashes[3] ?? '')
    for (const [file, from] of [
      [compressed, null],
      [deltas[0]?.files[0], old],
    ] as const) {
      const delta = file ? place(file) : ''
      expect((await applyDelta({ delta, old: from, out, length }, never)).sha256).toBe(hashes[4])
    }
  })

  it('once: a second publication makes and signs nothing, a new release only its own', async () => {
    const { depot } = await made()
    const done: string[] = []
    const onMade = (path: string) => done.push(path)
    expect(await depot.publish({ onMade })).toEqual({ timestamp: expect.any(Number) })
    await add(depot, 5, craneVersions(6, 300_000, 31)[5] ?? Buffer.alloc(0))
    await depot.publish({ onMade })
    expect(done).toEqual(['artifacts/crane-1.5.0.bin'])
  })

  it('nothing where the publisher wants none, and nothing for small files', async () => {
    expect((await madeWith(0)).records).toEqual([null, null, null, null, null])
    const { depot } = await deltaDepot([Buffer.alloc(60_000, 'x')])
    expect(await depot.content.filesOf('artifacts')).toHaveLength(2)
  })

  it('their folder is no place for artifacts', async () => {
    const { depot } = await deltaDepot([])
    const custom = { kind: 'raw', component: 'app', version: '1', deviceTypes: ['acme-crane'], hardware: [] } as const
    const add = depot.addArtifact('deltas/mine.bin', Buffer.from('x'), {
      ...custom,
      deviceTypes: ['acme-crane'],
      hardware: [],
    })
    await expect(add).rejects.toMatchObject({ code: 'document.invalid' })
  })
})

/** The artifacts role's newest file. */
function newestRole(metadata: string): string {
  const snapshotOf = JSON.parse(readFileSync(join(metadata, 'timestamp.json'), 'utf8')).signed.meta['snapshot.json']
  const snapshot = JSON.parse(readFileSync(join(metadata, `${snapshotOf.version}.snapshot.json`), 'utf8'))
  return `${snapshot.signed.meta['artifacts.json'].version}.artifacts.json`
}
