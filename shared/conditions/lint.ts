import { AppError, type ErrorData, toErrorData } from '../errors.ts'
import { type DurationText, durationMs } from '../model/duration.ts'
import { isAttested, type Plan } from '../model/plan.ts'
import type { Profile } from '../model/profile.ts'
import { isRange } from '../versions.ts'
import { type Expression, parseExpression } from './expression.ts'
import { inferType } from './infer.ts'
import { lintConsole } from './lint-console.ts'
import { componentOf, type ValueType } from './names.ts'

/** What is wrong with a plan, and where: `conditions.boom-parked`, `checks.self-test`, `window`, ... */
export interface LintFinding {
  readonly where: string
  readonly reason: ErrorData
}

/** Reading a signal and acting on it takes time: a shorter age could never be met. */
const SHORTEST_MAX_AGE_MS = 200

const SIGNAL_TYPES: Readonly<Record<Profile['signals'][number]['type'], ValueType>> = {
  bool: 'bool',
  number: 'double',
  text: 'text',
}

/**
 * Everything about a plan that would be a surprise at the machine: expressions that cannot be read, name
 * what a device type in scope does not have, or are not yes-or-no; rules that contradict each other. Run by
 * the publisher before signing and by the console at sync; a plan with findings is never run.
 */
export function lintPlan(plan: Plan, profiles: ReadonlyMap<string, Profile>): LintFinding[] {
  const findings: LintFinding[] = []
  const report: Report = (where, { code, retry, detail }) =>
    findings.push({ where, reason: { code, retry, detail: { path: `plans/${plan.id}.json`, at: where, ...detail } } })
  const invalid: Invalid = (where, problem, found) =>
    report(where, new AppError('document.invalid', { detail: { problem, why: `${problem} ${found}` } }).toData())
  const inScope = plan.scope.deviceTypes.flatMap((type) => {
    const profile = profiles.get(type)
    if (!profile) report('scope.deviceTypes', new AppError('device.no-profile', { detail: { type } }).toData())
    return profile ?? []
  })
  lintExpressions(plan, inScope, report)
  lintConditions(plan, invalid)
  lintComponents(plan, inScope, invalid)
  lintOrder(plan, invalid)
  lintTimes(plan, invalid)
  for (const { where, problem, found } of lintConsole(plan, inScope)) invalid(where, problem, found)
  return findings
}

type Report = (where: string, reason: ErrorData) => void
type Invalid = (where: string, problem: string, found: string) => void

function lintConditions(plan: Plan, invalid: Invalid): void {
  for (const id of repeated([...plan.conditions, ...plan.checks].map(({ id }) => id))) {
    invalid('conditions', 'repeated-id', id)
  }
  for (const condition of plan.conditions) {
    const where = `conditions.${condition.id}`
    for (const moment of repeated(condition.at)) invalid(where, 'repeated-moment', moment)
    if (isAttested(condition)) continue
    if (condition.watch && !condition.at.includes('write')) invalid(where, 'watch-without-write', condition.id)
    lintAge(condition, where, invalid)
  }
  for (const check of plan.checks) lintAge(check, `checks.${check.id}`, invalid)
  for (const hold of repeated(plan.holds)) invalid('holds', 'repeated-hold', hold)
}

function lintAge(rule: { maxAge: DurationText }, where: string, invalid: Invalid): void {
  if (durationMs(rule.maxAge) < SHORTEST_MAX_AGE_MS) invalid(where, 'max-age-too-short', rule.maxAge)
}

function lintComponents(plan: Plan, inScope: readonly Profile[], invalid: Invalid): void {
  for (const [component, range] of Object.entries(plan.scope.from)) {
    if (!isRange(range)) invalid('scope.from', 'not-a-range', range)
    for (const profile of inScope) {
      if (!has(profile, component)) invalid('scope.from', 'no-such-component', `${profile.type}: ${component}`)
    }
  }
  for (const { component } of plan.artifacts) {
    if (inScope.length > 0 && !inScope.some((profile) => has(profile, component))) {
      invalid('artifacts', 'no-such-component', component)
    }
  }
}

function has(profile: Profile, component: string): boolean {
  return profile.components.some(({ id }) => id === component)
}

function lintOrder(plan: Plan, invalid: Invalid): void {
  const ordered = plan.order.flatMap(({ types }) => types)
  if (ordered.length === 0) return
  for (const type of repeated(ordered)) invalid('order', 'repeated-type', type)
  for (const type of ordered) if (!plan.scope.deviceTypes.includes(type)) invalid('order', 'type-not-in-scope', type)
  for (const type of plan.scope.deviceTypes) if (!ordered.includes(type)) invalid('order', 'type-without-order', type)
}

function lintTimes(plan: Plan, invalid: Invalid): void {
  if (Date.parse(plan.notBefore) >= Date.parse(plan.expires)) invalid('expires', 'ends-before-it-begins', plan.expires)
  if (!plan.window) return
  const { from, to, zone } = plan.window
  if (from === to) invalid('window', 'empty-window', from)
  if (zone !== 'site' && !isTimeZone(zone)) invalid('window', 'no-such-zone', zone)
}

/** The first finding as a reason to refuse the plan; null: it may be run. What a library is built with. */
export function lintVerdict(plan: Plan, inScope: readonly Profile[]): ErrorData | null {
  return lintPlan(plan, new Map(inScope.map((profile) => [profile.type, profile])))[0]?.reason ?? null
}

/** Is it a name that this machine's time zone data knows, such as `Europe/Oslo`? */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function lintExpressions(plan: Plan, inScope: readonly Profile[], report: Report): void {
  const expressions = [
    ...plan.conditions.flatMap((condition) =>
      isAttested(condition) ? [] : [{ where: `conditions.${condition.id}`, expr: condition.expr }],
    ),
    ...plan.checks.map(({ id, expr }) => ({ where: `checks.${id}`, expr })),
  ]
  for (const { where, expr } of expressions) {
    let expression: Expression
    try {
      expression = parseExpression(expr)
    } catch (error) {
      report(where, toErrorData(error, 'condition.error'))
      continue
    }
    for (const profile of inScope) {
      const reason = lintAgainst(expression, profile)
      if (reason) report(where, { ...reason, detail: { ...reason.detail, type: profile.type } })
    }
  }
}

function lintAgainst(expression: Expression, profile: Profile): ErrorData | null {
  const signals = new Map(profile.signals.map(({ id, type }) => [id, SIGNAL_TYPES[type]]))
  try {
    const type = inferType(expression.root, (id) => signals.get(id))
    if (type !== 'bool') return new AppError('condition.not-boolean', { detail: { why: type } }).toData()
  } catch (error) {
    return toErrorData(error, 'condition.error')
  }
  for (const component of expression.names.flatMap((name) => componentOf(name) ?? [])) {
    if (!has(profile, component)) {
      return new AppError('document.invalid', {
        detail: { problem: 'no-such-component', why: `no-such-component ${component}` },
      }).toData()
    }
  }
  return null
}

function repeated<T>(items: readonly T[]): T[] {
  return [...new Set(items.filter((item, at) => items.indexOf(item) !== at))]
}
