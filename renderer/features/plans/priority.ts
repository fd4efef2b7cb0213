import type { PlanSummary } from '../../../shared/contract/plans.ts'
import type { TagTone } from '../../ui/tag.tsx'

export const PRIORITY_TONES: Readonly<Record<PlanSummary['priority'], TagTone>> = {
  security: 'warning',
  safety: 'alarm',
  normal: 'plain',
  optional: 'plain',
}
