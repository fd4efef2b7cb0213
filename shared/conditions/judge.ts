import type { CelInput } from '@bufbuild/cel'
import type { z } from 'zod'
import { AppError, type ErrorCode, type ErrorData, type ErrorDetail, toErrorData } from '../errors.ts'
import { type DurationText, durationMs } from '../model/duration.ts'
import type { ConditionReading } from '../model/run.ts'
import { type Expression, type Outcome, parseExpression } from './expression.ts'
import { type Fact, type FactSources, factOf } from './facts.ts'
import { signalOf } from './names.ts'

/** A measured condition or a check, ready to be judged as often as needed. */
export interface Judgeable {
  readonly id: string
  readonly title: string
  readonly maxAgeMs: number
  /** An expression that cannot be read never holds, and says why. */
  readonly expression: Expression | ErrorData
}

export interface Judgement {
  readonly holds: boolean
  readonly reason: ErrorData | null
  readonly readings: readonly z.infer<typeof ConditionReading>[]
  /** For how many ms from now the readings stay fresh; 0 when it does not hold, Infinity when nothing ages. */
  readonly goodForMs: number
}

export function judgeable(condition: {
  id: string
  title?: string | undefined
  expr: string
  maxAge: DurationText
}): Judgeable {
  const { id, title, expr, maxAge } = condition
  return { id, title: title ?? id, maxAgeMs: durationMs(maxAge), expression: tryParse(expr) }
}

function tryParse(expr: string): Expression | ErrorData {
  try {
    return parseExpression(expr)
  } catch (error) {
    return toErrorData(error, 'condition.error')
  }
}

/** The names it needs; none when it cannot be read. */
export function namesOf({ expression }: Judgeable): readonly string[] {
  return 'code' in expression ? [] : expression.names
}

/** The signals it needs, as the profile calls them. */
export function signalsOf(condition: Judgeable): readonly string[] {
  return namesOf(condition).flatMap((name) => signalOf(name) ?? [])
}

/**
 * Does the condition hold, at `mono` on the monotonic clock? Every value that the expression names must
 * be there and fresh, also those that a short cut in CEL would not look at: `a || b` with `b` unread is no.
 */
export function judge(condition: Judgeable, sources: FactSources, mono: number): Judgement {
  const { expression, id, maxAgeMs } = condition
  if ('code' in expression) return no({ ...expression, detail: { ...expression.detail, condition: id } }, [])
  const facts = new Map(expression.names.map((name) => [name, factOf(name, sources)] as const))
  const readings = [...facts].map(([name, fact]) => shown(name, fact, mono))
  const values = new Map<string, CelInput>()
  let goodForMs = Number.POSITIVE_INFINITY
  for (const [name, fact] of facts) {
    const trouble = troubleWith(name, fact, mono, maxAgeMs)
    if (trouble) return no(toData(trouble.code, { ...trouble.detail, condition: id }), readings)
    if (fact.value !== null) values.set(name, fact.value)
    if (fact.at !== null) goodForMs = Math.min(goodForMs, maxAgeMs - (mono - fact.at))
  }
  const outcome = expression.evaluate(values)
  if (outcome.is === 'true') return { holds: true, reason: null, readings, goodForMs }
  return no(reasonFor(outcome, condition, facts, mono), readings)
}

function no(reason: ErrorData, readings: Judgement['readings']): Judgement {
  return { holds: false, reason, readings, goodForMs: 0 }
}

function shown(name: string, fact: Fact, mono: number): Judgement['readings'][number] {
  const ageMs = fact.at === null ? null : Math.max(0, mono - fact.at)
  return { signal: signalOf(name) ?? name, title: fact.title, value: fact.shown, unit: fact.unit, ageMs }
}

const FAULT_CODES = {
  'unknown-signal': 'reading.unknown-signal',
  'no-answer': 'reading.missing',
  unreadable: 'reading.unreadable',
  'not-supported': 'reading.unreadable',
  'out-of-range': 'reading.out-of-range',
} as const satisfies Record<NonNullable<Fact['fault']>, ErrorCode>

function troubleWith(name: string, fact: Fact, mono: number, maxAgeMs: number) {
  const detail = { signal: signalOf(name) ?? name, title: fact.title }
  if (fact.fault !== null) {
    return { code: FAULT_CODES[fact.fault], detail: { ...detail, raw: fact.raw, unit: fact.unit } }
  }
  if (fact.value === null) return { code: 'reading.missing' as const, detail }
  if (fact.at === null) return null
  const ageMs = Math.round(mono - fact.at)
  // A reading from the future was taken on another clock and proves nothing about this moment.
  return ageMs > maxAgeMs || ageMs < 0
    ? { code: 'reading.stale' as const, detail: { ...detail, ageMs, maxAgeMs } }
    : null
}

function reasonFor(
  outcome: Exclude<Outcome, { is: 'true' }>,
  { id, title, expression }: Judgeable,
  facts: ReadonlyMap<string, Fact>,
  mono: number,
): ErrorData {
  const detail = { condition: id, title }
  if (outcome.is === 'error') return toData('condition.error', { ...detail, problem: 'failed', why: outcome.what })
  if (outcome.is === 'not-boolean') return toData('condition.not-boolean', detail)
  const deciding = outcome.names.flatMap((name) => {
    const fact = facts.get(name)
    return fact ? [{ name, fact }] : []
  })
  const first = deciding[0]
  const source = 'code' in expression ? '' : expression.source
  return toData('condition.false', {
    ...detail,
    expr: source.slice(0, 200),
    readings: deciding
      .map(({ fact }) => `${fact.title}: ${fact.shown ?? '-'}${fact.unit}`)
      .join('; ')
      .slice(0, 500),
    ...(first && {
      signal: signalOf(first.name) ?? first.name,
      signalTitle: first.fact.title,
      value: first.fact.shown,
      unit: first.fact.unit,
      ageMs: first.fact.at === null ? null : Math.round(mono - first.fact.at),
    }),
  })
}

function toData(code: ErrorCode, detail: ErrorDetail): ErrorData {
  return new AppError(code, { detail }).toData()
}
