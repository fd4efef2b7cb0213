import type { Content } from './content.ts'
import { makeWays, WAYS_FROM } from './delta-maker.ts'
import { readWays, type WaysRecord, writeWays } from './delta-record.ts'
import { type Release, releasesBefore } from './delta-releases.ts'
import type { DepotLayout } from './layout.ts'

export interface MakeDeltas {
  readonly layout: DepotLayout
  readonly content: Content
  /** Releases before the newest from which a delta is made; 0: none, and nothing else. */
  readonly count: number
  /** Hears of each artifact that is done: for a person who waits. */
  readonly onMade?: ((path: string, record: WaysRecord) => void) | undefined
}

/**
 * Makes what is missing for consoles to fetch artifacts with fewer bytes: once for each, when it is first published.
 * The oldest first, so that chains find what they lead through. Throws `file.*`, `disk.full`.
 */
export async function makeDeltas({ layout, content, count, onMade }: MakeDeltas): Promise<void> {
  if (count === 0) return
  const releases = await releasesOf(content)
  const recordOf = (sha256: string) => readWays(layout.ways, sha256)
  const order = releases.map((release) => ({ release, before: releasesBefore(release, releases) }))
  for (const { release, before } of order.toSorted((a, b) => a.before.length - b.before.length)) {
    if (release.length < WAYS_FROM || (await recordOf(release.sha256))) continue
    const usable = before.filter(({ length }) => length >= WAYS_FROM / 4)
    const record = await makeWays(release, usable, { layout, count, recordOf })
    await writeWays(layout.ways, record)
    onMade?.(release.path, record)
  }
}

async function releasesOf(content: Content): Promise<Release[]> {
  const releases: Release[] = []
  for (const path of await content.artifactPaths()) {
    const facts = await content.artifact(path)
    if (facts) releases.push({ path, length: facts.length, sha256: facts.sha256, slipway: facts.slipway })
  }
  return releases
}
