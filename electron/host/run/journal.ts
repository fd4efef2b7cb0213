import { z } from 'zod'
import { isFinal } from '../../../shared/model/run.ts'
import type { EntryDraft } from '../audit/recorder.ts'
import type { RunQueries } from '../store/runs.ts'
import type { Frozen } from './frozen.ts'
import type { LogLine, Transition } from './machine/event.ts'
import type { RunPorts } from './ports.ts'

/** What a journal line carries besides its kind and act. */
export const JournalDetail = z.object({ by: z.string(), detail: z.record(z.string(), z.unknown()) })

/**
 * Writes one transition: the run's row, its journal and the audit entries are one transaction, or nothing
 * happened. `after` is the number of the journal's last line before it.
 */
export async function writeTransition(
  ports: RunPorts,
  queries: RunQueries,
  run: { readonly id: string; readonly frozen: Frozen },
  { state, log }: Transition,
  after: number,
): Promise<void> {
  const { device, plan } = run.frozen
  const at = ports.now()
  const drafts = log.map((line) => draft(run.id, line, { device: device.key, plan: plan.id }))
  await ports.recorder.record(drafts, () => {
    if (!isFinal(state.phase)) queries.requireFree(device.key, run.id)
    queries.update(run.id, {
      phase: state.phase,
      state: JSON.stringify(state),
      result: state.result,
      endedAt: state.result?.endedAt ?? null,
    })
    addLines(queries, run.id, log, after, at)
  })
}

export function addLines(queries: RunQueries, run: string, log: readonly LogLine[], after: number, at: number): void {
  for (const [index, { kind, action, by, detail }] of log.entries()) {
    const json = JSON.stringify({ by: by ?? 'console', detail } satisfies z.input<typeof JournalDetail>)
    queries.addToJournal(run, { n: after + 1 + index, kind, act: action, json, at })
  }
}

export function draft(run: string, { action, by, detail }: LogLine, about: Record<string, unknown>): EntryDraft {
  return { actor: by ?? 'console', action, subject: run, detail: { ...about, ...detail } }
}
