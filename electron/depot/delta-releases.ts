import type { ArtifactCustom } from '../../shared/model/artifact.ts'
import type { FileFacts } from '../../shared/model/ways.ts'

/** One artifact of a depot. */
export interface Release extends FileFacts {
  readonly path: string
  readonly slipway: ArtifactCustom
}

const BY_VERSION = new Intl.Collator('en', { numeric: true })

/**
 * The releases that a device may come from when it gets this one: the same component of the same devices in the same
 * form, of a lower version, the newest first.
 */
export function releasesBefore(release: Release, all: readonly Release[]): Release[] {
  const line = lineOf(release)
  const seen = new Set([release.sha256])
  return all
    .filter((other) => lineOf(other) === line && compare(other, release) < 0)
    .toSorted((a, b) => compare(b, a))
    .filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256))
}

function compare(a: Release, b: Release): number {
  return BY_VERSION.compare(a.slipway.version, b.slipway.version)
}

function lineOf({ slipway: { kind, component, deviceTypes, hardware } }: Release): string {
  return JSON.stringify([kind, component, deviceTypes.toSorted(), hardware.toSorted()])
}
