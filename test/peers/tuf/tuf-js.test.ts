/** tuf-js, the client that npm itself verifies its packages with: it must read what our depot writes, and judge as we do. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Updater } from 'tuf-js'
import { describe, expect, it } from 'vitest'
import type { Depot } from '../../../electron/depot/depot.ts'
import { CRANE_IMAGE, craneDepot, serveDepot } from '../../fixtures/depot.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { ClientUnderTest } from '../../fixtures/tuf/client-under-test.ts'
import { JUDGED_CASES } from '../../fixtures/tuf/judged-cases.ts'
import { RepositorySimulator } from '../../fixtures/tuf/repository-simulator.ts'
import { serveSimulator } from '../../fixtures/tuf/simulator-server.ts'

/** tuf-js over a folder that lives on between refreshes. */
class TufJs {
  readonly #url: string
  readonly #dir = tempDir()

  constructor(url: string, root: Uint8Array) {
    this.#url = url
    for (const folder of ['metadata', 'targets']) mkdirSync(join(this.#dir, folder))
    writeFileSync(join(this.#dir, 'metadata', 'root.json'), root)
  }

  #updater(): Updater {
    return new Updater({
      metadataDir: join(this.#dir, 'metadata'),
      metadataBaseUrl: `${this.#url}/metadata`,
      targetDir: join(this.#dir, 'targets'),
      targetBaseUrl: `${this.#url}/targets`,
      config: { fetchRetries: 0 },
    })
  }

  async refresh(): Promise<boolean> {
    try {
      await this.#updater().refresh()
      return true
    } catch {
      return false
    }
  }

  /** The content, or null when nobody speaks for it. */
  async download(path: string): Promise<Buffer | null> {
    const updater = this.#updater()
    await updater.refresh()
    const target = await updater.getTargetInfo(path)
    return target ? readFileSync(await updater.downloadTarget(target)) : null
  }

  version(role: string): number {
    return JSON.parse(readFileSync(join(this.#dir, 'metadata', `${role}.json`), 'utf8')).signed.version
  }
}

describe('tuf-js reads a depot', () => {
  const served = async (depot: Depot) => {
    const root = readFileSync(join(depot.layout.metadata, '1.root.json'))
    return new TufJs(await serveDepot(depot), root)
  }
  const ARTIFACT = 'artifacts/crane-2.5.0.bin'

  it.each([null, 3])('artifacts and documents (hash bins: %s)', async (artifactBins) => {
    const { depot } = await craneDepot({ artifactBins })
    const tufJs = await served(depot)
    expect(await tufJs.download(ARTIFACT)).toEqual(CRANE_IMAGE)
    expect(JSON.parse(String(await tufJs.download('plans/crane-2.5.0.json')))).toMatchObject({ id: 'crane-2.5.0' })
    expect(await tufJs.download('artifacts/nothing')).toBeNull()
  })

  it('through an exchange of every key', async () => {
    const { depot } = await craneDepot()
    const tufJs = await served(depot)
    expect(await tufJs.refresh()).toBe(true)
    for (const role of ['root', 'targets', 'snapshot', 'timestamp', 'policy', 'sites', 'plans', 'artifacts']) {
      await depot.rotateKey(role)
      await depot.publish()
      expect(await tufJs.download(ARTIFACT), role).toEqual(CRANE_IMAGE)
    }
    expect(tufJs.version('root')).toBe(5)
  })
})

describe('tuf-js and we judge alike', () => {
  it.each(JUDGED_CASES)('%s', async (_name, change, good) => {
    const repo = new RepositorySimulator()
    const url = await serveSimulator(repo)
    const [tufJs, ours] = [new TufJs(url, repo.firstRoot()), new ClientUnderTest({ url, root: repo.firstRoot() })]
    repo.bump('targets')
    repo.update()
    expect([await tufJs.refresh(), await ours.refresh()]).toEqual([true, 'ok'])
    change(repo)
    const verdict = await ours.refresh()
    expect({ tufJs: await tufJs.refresh(), ours: verdict === 'ok' }, verdict).toEqual({ tufJs: good, ours: good })
    // And what they hold afterwards is the same.
    for (const [role, version] of Object.entries(ours.versions())) expect(tufJs.version(role), role).toBe(version)
  })
})
