import type { DryRun, PlanDetail, PlanSummary } from '../../../shared/contract/plans.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, change, reason, when, yesNo } from './words.ts'

/** What ends the use of a plan first. */
const ENDS: Readonly<Record<PlanSummary['limit'], string>> = {
  plan: 'the plan ends',
  'offline-limit': 'longest time offline',
  root: 'the root ends',
  targets: 'the targets role ends',
  role: 'a signing role ends',
  lease: 'your lease ends',
}

function goodUntil(plan: PlanSummary, options: ViewOptions): string {
  return `${when(plan.goodUntil, options)} (${ENDS[plan.limit]})`
}

export const planViews: Views = {
  'plans.list': (plans: readonly PlanSummary[], options: ViewOptions) =>
    table(
      ['plan', 'title', 'priority', 'good until', 'fits', 'artifacts', 'blocked'],
      plans.map((plan) => [
        plan.id,
        plan.title,
        plan.priority,
        goodUntil(plan, options),
        plan.fits,
        plan.artifacts,
        reason(plan.blocked, options),
      ]),
    ) || 'No plans on board.',
  'plans.one': ({ summary, plan, artifacts, devices }: PlanDetail, options: ViewOptions) =>
    blocks(
      list([
        ['Plan', `${summary.title} (${summary.id})`],
        ['Why', summary.reason],
        ['Good until', goodUntil(summary, options)],
        ['Who may run it', plan.authority.roles.join(', ')],
        ...(summary.blocked ? [['Blocked', reason(summary.blocked, options)] as const] : []),
      ]),
      table(
        ['condition', 'at', 'expression'],
        plan.conditions.map((condition) => [
          'title' in condition ? condition.title : condition.id,
          condition.at.join(', '),
          'expr' in condition ? condition.expr : 'a person confirms',
        ]),
      ),
      table(
        ['artifact', 'version', 'size', 'on board', 'trouble'],
        artifacts.map((artifact) => [
          artifact.target,
          artifact.version,
          options.formats.bytes(artifact.bytes),
          yesNo(artifact.held),
          reason(artifact.trouble, options),
        ]),
      ),
      table(
        ['device', 'name', 'fits', 'why not'],
        devices.map((device) => [device.key, device.name, yesNo(device.fits), reason(device.reason, options)]),
      ),
    ),
  'plans.dryRun': (tries: readonly DryRun[], options: ViewOptions) =>
    blocks(
      ...tries.map((dry) =>
        blocks(
          `${dry.name} (${dry.device}): ${change(dry.change)}`,
          table(
            ['proof', 'holds', 'why not'],
            dry.proofs.map((proof) => [proof.proof, yesNo(proof.ok), reason(proof.reason, options)]),
          ),
        ),
      ),
    ),
}
