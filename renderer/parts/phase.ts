import type { Phase, RunSummary } from '../../shared/model/run.ts'
import type { Tone } from '../ui/state-icon.tsx'

const TONES: Readonly<Record<Phase, Tone>> = {
  planned: 'idle',
  checking: 'busy',
  staging: 'busy',
  'awaiting-safe': 'busy',
  detaching: 'busy',
  writing: 'busy',
  restarting: 'busy',
  verifying: 'busy',
  confirming: 'busy',
  succeeded: 'good',
  'rolling-back': 'busy',
  'rolled-back': 'warning',
  failed: 'warning',
  cancelled: 'idle',
  unknown: 'unknown',
  attention: 'person',
}

/** The shape of a run's state. Waiting for a person comes before everything else. */
export function toneOfRun(run: Pick<RunSummary, 'phase' | 'needsPerson'>): Tone {
  return run.needsPerson ? 'person' : TONES[run.phase]
}

/** Old and new version in one word each, for sentences: the first component speaks for all. */
export function versionsOf(change: RunSummary['change']): { readonly from: string | null; readonly to: string } {
  const first = Object.values(change)[0]
  return { from: first?.from ?? null, to: first?.to ?? '' }
}
