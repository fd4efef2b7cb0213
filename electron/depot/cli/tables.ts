import { toInstant } from '../../../shared/model/text.ts'
import type { WaysRecord } from '../delta-record.ts'
import type { PublishReport } from '../publish.ts'
import type { DepotStatus } from '../status.ts'

const DAY_MS = 86_400_000

export function reportLines(report: PublishReport): string[] {
  return Object.entries(report).map(([role, version]) => `${role} ${version}`)
}

/** What consoles will save: `artifacts/crane-2.5.0.bin, 48000000 bytes: 12000000 compressed, 3100000 from 2.4.0`. */
export function madeLine(path: string, { ways }: WaysRecord): string {
  const sizes = [
    ...(ways.compressed ? [`${ways.compressed.length} compressed`] : []),
    ...ways.deltas.map(
      ({ from, files }) => `${files.reduce((sum, { length }) => sum + length, 0)} from ${from.version}`,
    ),
  ]
  return `${path}, ${ways.length} bytes: ${sizes.length > 0 ? sizes.join(', ') : 'only whole'}`
}

export function statusLines(status: DepotStatus, now: number): string[] {
  const roles = status.roles.map(({ role, threshold, keys, version, expires }) => {
    const here = keys.filter((key) => key.here).length
    return [
      role,
      version ?? '-',
      `${threshold} of ${keys.length}`,
      `${here} here`,
      expires === null ? '-' : lasts(expires, now),
    ]
  })
  const unpublished = status.unpublished.map((path) => `  ${path}`)
  return [
    `${status.name}${status.lastsUntil === null ? '' : `, lasts until ${toInstant(status.lastsUntil)}`}`,
    ...table([['ROLE', 'VERSION', 'SIGN', 'KEYS', 'EXPIRES'], ...roles]),
    ...(unpublished.length > 0 ? ['Not published yet:', ...unpublished] : []),
  ]
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function lasts(expires: number, now: number): string {
  const days = Math.floor((expires - now) / DAY_MS)
  return `${toInstant(expires)} (${days < 0 ? 'over' : `${days} d`})`
}
