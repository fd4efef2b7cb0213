import { z } from 'zod'
import { Sha256Hex, Slug } from '../../../../shared/model/text.ts'
import type { FactQueries } from '../../store/facts.ts'
import { readJson } from '../../store/json-column.ts'

const FACT = 'sync.sources'

/** What a person has said of a source, and who. */
const Source = z.object({
  id: Slug,
  metadata: z.string(),
  targets: z.string(),
  paths: z.array(z.string()),
  fingerprint: Sha256Hex,
  addedBy: z.string(),
  addedAt: z.number(),
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
