import { z } from 'zod'
import { SourceView } from '../../../../shared/contract/source.ts'
import type { FactQueries } from '../../store/facts.ts'
import { readJson } from '../../store/json-column.ts'

const FACT = 'sync.sources'

/** What a person has said of a source, and who. */
const Source = SourceView.pick({
  id: true,
  metadata: true,
  targets: true,
  paths: true,
  fingerprint: true,
  addedBy: true,
  addedAt: true,
})
export type Source = z.infer<typeof Source>

export const MAX_SOURCES = 20

export function readSources(facts: FactQueries): Source[] {
  const stored = facts.get(FACT)
  return stored === null ? [] : readJson(z.array(Source), stored, 'fact.sync.sources')
}

export function writeSources(facts: FactQueries, sources: readonly Source[]): void {
  facts.set(FACT, JSON.stringify(sources))
}
