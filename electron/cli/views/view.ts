import { cell, list, table } from '../table.ts'
import { artifactViews } from './artifacts.ts'
import { auditViews } from './audit.ts'
import { demoViews } from './demo.ts'
import { deviceViews } from './devices.ts'
import { doctorViews } from './doctor.ts'
import { packViews } from './packs.ts'
import { peopleViews } from './people.ts'
import { planViews } from './plans.ts'
import { runViews } from './runs.ts'
import { sourceViews } from './sources.ts'
import { stateViews } from './state.ts'
import { replayView, traceViews } from './traces.ts'
import type { MethodName, ViewOptions, Views } from './types.ts'

const VIEWS: Views = {
  ...stateViews,
  ...packViews,
  ...sourceViews,
  ...peopleViews,
  ...deviceViews,
  ...doctorViews,
  ...traceViews,
  ...planViews,
  ...artifactViews,
  ...runViews,
  ...auditViews,
  ...demoViews,
}

/** A value as a person reads it; whatever has no view of its own is shown as a table or a list. */
export function view(method: string, value: unknown, options: ViewOptions): string {
  // The only value that comes from no method.
  if (method === 'trace.replay') return replayView(value as Parameters<typeof replayView>[0], options)
  const own = Object.hasOwn(VIEWS, method) ? VIEWS[method as MethodName] : undefined
  return own ? own(value as never, options) : anyValue(value)
}

function anyValue(value: unknown): string {
  if (value === null) return 'Done.'
  if (Array.isArray(value)) return value.length === 0 ? 'None.' : anyRows(value)
  if (typeof value === 'object') return list(Object.entries(value))
  return cell(value)
}

function anyRows(rows: readonly unknown[]): string {
  if (!rows.every((row) => typeof row === 'object' && row !== null)) return rows.map(cell).join('\n')
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = rows.map((row) => columns.map((column) => (row as Record<string, unknown>)[column]))
  return table(columns, cells)
}
