import type { parse } from '@bufbuild/cel'
import { AppError } from '../errors.ts'
import { isRoot, nameOf } from './names.ts'

/** A node of CEL's syntax tree, as the parser of the library makes it. */
export type Node = ReturnType<typeof parse>['expr']

/** Deeper nesting than any person writes; keeps every walk over the tree far from the end of the stack. */
const MAX_DEPTH = 200

interface Walk {
  readonly names: Set<string>
  /** Variables of the loop (`all`, `exists`, ...) that the node is in. */
  readonly variables: ReadonlySet<string>
  readonly loops: number
  readonly depth: number
}

/**
 * Finds every name that the tree depends on, and turns each into one flat variable, so that
 * `signal.boom` and `signal.boom.parked` are two signals and neither is a member of the other. Changes
 * the tree; once only. Throws `condition.error`.
 */
export function resolveNames(root: Node): readonly string[] {
  const names = new Set<string>()
  visit(root, { names, variables: new Set(), loops: 0, depth: 0 })
  return [...names].sort()
}

function visit(node: Node | undefined, walk: Walk): void {
  if (!node) return
  if (walk.depth > MAX_DEPTH) throw problem('too-deep', '')
  if (takeName(node, walk)) return
  const inner = { ...walk, depth: walk.depth + 1 }
  const { exprKind } = node
  switch (exprKind.case) {
    case 'constExpr':
      return
    case 'identExpr':
      if (!walk.variables.has(exprKind.value.name)) throw problem('unknown-name', exprKind.value.name)
      return
    case 'selectExpr':
      if (exprKind.value.testOnly) throw problem('has', exprKind.value.field)
      visit(exprKind.value.operand, inner)
      return
    case 'callExpr':
      visit(exprKind.value.target, inner)
      for (const arg of exprKind.value.args) visit(arg, inner)
      return
    case 'listExpr':
      for (const element of exprKind.value.elements) visit(element, inner)
      return
    case 'structExpr':
      if (exprKind.value.messageName !== '') throw problem('unknown-name', exprKind.value.messageName)
      for (const entry of exprKind.value.entries) {
        if (entry.keyKind.case === 'mapKey') visit(entry.keyKind.value, inner)
        visit(entry.value, inner)
      }
      return
    case 'comprehensionExpr': {
      const loop = exprKind.value
      visit(loop.iterRange, inner)
      // A loop in a loop multiplies: 1,000 characters could ask for hours of work.
      if (walk.loops > 0) throw problem('nested-loops', loop.iterVar)
      if (isRoot(loop.iterVar)) throw problem('unknown-name', loop.iterVar)
      const variables = new Set([...walk.variables, loop.iterVar, loop.accuVar])
      const body = { ...inner, variables, loops: walk.loops + 1 }
      for (const part of [loop.accuInit, loop.loopCondition, loop.loopStep, loop.result]) visit(part, body)
      return
    }
    case undefined:
      throw problem('syntax', '')
  }
}

/** Replaces a whole name by its flat variable. False: the node is something else. */
function takeName(node: Node, walk: Walk): boolean {
  const chain = chainOf(node)
  if (!chain || !isRoot(chain[0] ?? '')) return false
  const name = nameOf(chain)
  if (name === 'beginning') throw problem('dynamic-name', chain.join('.'))
  if (name === null) {
    // `device.mode.x`: a member of a value; what is wrong with it is a matter of types.
    if (chain.some((_, end) => isWholeName(chain.slice(0, end)))) return false
    throw problem('unknown-name', chain.join('.'))
  }
  walk.names.add(name.whole)
  node.exprKind = identifier(node, name.whole)
  return true
}

function isWholeName(chain: readonly string[]): boolean {
  const name = chain.length > 0 ? nameOf(chain) : null
  return name !== null && name !== 'beginning'
}

function identifier(node: Node, name: string): Node['exprKind'] {
  const found = firstIdentifier(node)
  if (found?.exprKind.case !== 'identExpr') throw problem('syntax', name)
  return { case: 'identExpr', value: { ...found.exprKind.value, name } }
}

function firstIdentifier(node: Node | undefined): Node | undefined {
  if (node?.exprKind.case === 'selectExpr') return firstIdentifier(node.exprKind.value.operand)
  if (node?.exprKind.case === 'callExpr') return firstIdentifier(node.exprKind.value.args[0])
  return node
}

/** `device.versions['app']` -> [device, versions, app]. Null: not a plain chain of members. */
function chainOf(node: Node | undefined): string[] | null {
  const kind = node?.exprKind
  if (kind?.case === 'identExpr') return [kind.value.name]
  if (kind?.case === 'selectExpr' && !kind.value.testOnly) {
    const chain = chainOf(kind.value.operand)
    return chain && [...chain, kind.value.field]
  }
  if (kind?.case === 'callExpr' && kind.value.function === '_[_]') {
    const chain = chainOf(kind.value.args[0])
    const key = kind.value.args[1]?.exprKind
    if (chain?.join('.') !== 'device.versions' || key?.case !== 'constExpr') return null
    const constant = key.value.constantKind
    return constant.case === 'stringValue' ? [...chain, constant.value] : null
  }
  return null
}

function problem(kind: string, what: string): AppError {
  return new AppError('condition.error', { detail: { problem: kind, why: what } })
}
