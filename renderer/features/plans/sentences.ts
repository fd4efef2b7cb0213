import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { durationMs } from '../../../shared/model/duration.ts'
import { recoveryOf } from '../../../shared/model/plan.ts'
import type { Words } from '../../words.tsx'

/** What a plan does, in the order in which it does it, one sentence a line. */
export function planSentences(detail: PlanDetail, words: Words): string[] {
  const { say, formats } = words
  const { plan } = detail
  const lines: string[] = []
  for (const artifact of plan.artifacts) {
    const bytes = detail.artifacts.find((each) => each.target === artifact.target)?.bytes ?? null
    const facts = { component: artifact.component, version: artifact.version, bytes }
    lines.push(artifact.permanent ? say('plans.doesPermanent', facts) : say('plans.doesInstall', facts))
  }
  const ranges = Object.entries(plan.scope.from).map(([component, range]) => say('plans.fromOne', { component, range }))
  lines.push(
    say('plans.doesOn', {
      types: formats.list(plan.scope.deviceTypes),
      from: ranges.length > 0 ? formats.list(ranges) : null,
    }),
  )
  const recovery = recoveryOf(plan)
  if (recovery?.only) lines.push(say('plans.doesOnlyRecovery'))
  else if (recovery && ranges.length > 0) lines.push(say('plans.doesRecovery'))
  if (recovery?.plate) {
    const { roles, twoPerson } = recovery.plate
    const names = formats.list(roles.map((role) => say(`common.${role}`)))
    lines.push(say('plans.doesPlate', { roles: names, two: twoPerson ? say('recovery.two') : null }))
  }
  if (plan.scope.serials.length > 0) {
    lines.push(say('plans.doesSerials', { serials: formats.list(plan.scope.serials) }))
  }
  const sites = plan.scope.sites.includes('*') ? say('plans.anySite') : formats.list(plan.scope.sites)
  lines.push(say('plans.doesSites', { sites }))
  if (plan.order.length > 0) lines.push(say('plans.doesOrder', { waves: waves(detail, words) }))
  if (plan.holds.length > 0) {
    lines.push(say('plans.doesHolds', { holds: formats.list(plan.holds.map((hold) => say(`plans.hold-${hold}`))) }))
  }
  if (plan.checks.length > 0) {
    lines.push(say('plans.doesChecks', { checks: formats.list(plan.checks.map((check) => check.title)) }))
    lines.push(say(plan.onCheckFail === 'rollback' ? 'plans.doesRollback' : 'plans.doesAsk'))
  }
  if (plan.window) {
    const zone = plan.window.zone === 'site' ? say('plans.zoneSite') : plan.window.zone
    lines.push(say('plans.doesWindow', { from: plan.window.from, to: plan.window.to, zone }))
  }
  const { maxDuration, minConsoleBattery } = plan.limits
  if (maxDuration !== undefined) lines.push(say('plans.doesLimits', { time: durationMs(maxDuration) }))
  if (minConsoleBattery !== undefined) lines.push(say('plans.doesBattery', { percent: minConsoleBattery }))
  return lines
}

function waves(detail: PlanDetail, { say, formats }: Words): string {
  return formats.list(
    detail.plan.order.map((wave) =>
      say('plans.wave', {
        types: formats.list(wave.types),
        canary: wave.canary > 0 ? wave.canary : null,
        parallel: wave.parallel,
        failures: wave.stopAfterFailures,
      }),
    ),
  )
}
