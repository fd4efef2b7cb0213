import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { AppError } from '../errors.ts'
import { type Node, resolveNames } from './resolve.ts'

/** One `&&` term of an expression: what is shown when it is the one that does not hold. */
interface Term {
  readonly names: readonly string[]
  readonly evaluate: (values: Record<string, CelInput>) => unknown
}

export type Outcome =
  | { readonly is: 'true' }
  /** `names`: what the terms that do not hold are about. */
  | { readonly is: 'false'; readonly names: readonly string[] }
  | { readonly is: 'not-boolean' }
  | { readonly is: 'error'; readonly what: string }

/** A parsed CEL expression in which every name is known to be one that conditions have. */
export interface Expression {
  readonly source: string
  /** Every name it depends on, whatever a short cut would skip: `signal.boom.parked`, `console.battery`, `now`. */
  readonly names: readonly string[]
  readonly root: Node
  /** `values` must hold every name of `names`. Never throws. */
  evaluate(values: ReadonlyMap<string, CelInput>): Outcome
}

const env = celEnv()

/**
 * Parses and resolves an expression. Throws `condition.error` with `problem`: `syntax`, `unknown-name`,
 * `dynamic-name` (a name that is computed), `has` (absence is never proof), `nested-loops`, `too-deep`.
 */
export function parseExpression(source: string): Expression {
  const root = parseNode(source)
  const terms: readonly Term[] = conjuncts(root).map((term) => ({
    names: resolveNames(term),
    evaluate: plan(env, term) as Term['evaluate'],
  }))
  return {
    source,
    names: [...new Set(terms.flatMap(({ names }) => names))].sort(),
    root,
    evaluate: (values) => evaluateTerms(terms, Object.fromEntries(values)),
  }
}

/** `now` as CEL sees it: a timestamp, made by CEL's own function so that no second library is needed. */
export function celTimestamp(ms: number): CelInput {
  // At first use: every start of every program would pay for it.
  timestampOf ??= plan(env, parse('timestamp(text)')) as TimestampOf
  return timestampOf({ text: new Date(ms).toISOString() }) as CelInput
}
type TimestampOf = (values: Record<string, CelInput>) => unknown
let timestampOf: TimestampOf | undefined

function parseNode(source: string): Node {
  try {
    return parse(source).expr
  } catch (cause) {
    // The parser recurses: an absurdly deep expression ends the stack, not the host.
    const problem = cause instanceof RangeError ? 'too-deep' : 'syntax'
    const what = cause instanceof Error ? cause.message.slice(0, 200) : ''
    throw new AppError('condition.error', { detail: { problem, why: what }, cause })
  }
}

function conjuncts(node: Node): Node[] {
  const { exprKind } = node
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_&&_') return [node]
  return exprKind.value.args.flatMap(conjuncts)
}

function evaluateTerms(terms: readonly Term[], values: Record<string, CelInput>): Outcome {
  const failing: Term[] = []
  for (const term of terms) {
    const value = term.evaluate(values)
    if (isCelError(value)) return { is: 'error', what: value.message.slice(0, 200) }
    if (typeof value !== 'boolean') return { is: 'not-boolean' }
    if (!value) failing.push(term)
  }
  if (failing.length === 0) return { is: 'true' }
  return { is: 'false', names: [...new Set(failing.flatMap(({ names }) => names))] }
}
