import { AppError } from '../errors.ts'
import { fixedType, SLOT_MEMBERS, signalOf, type ValueType } from './names.ts'
import type { Node } from './resolve.ts'

interface Scope {
  /** Type of a signal; undefined: the profile has none of that name. */
  readonly signal: (id: string) => ValueType | undefined
  readonly variables: ReadonlyMap<string, ValueType>
}

/**
 * The type of what an expression yields, found without running it, so that `signal.rpm + 1` (a double
 * and an int, which CEL refuses to add) is refused by the publisher's desk and not at the crane.
 * Throws `reading.unknown-signal` { signal } and `condition.error` { problem: `wrong-type` | `unknown-function` }.
 */
export function inferType(root: Node, signal: (id: string) => ValueType | undefined): ValueType {
  return typeOf(root, { signal, variables: new Map() })
}

function typeOf(node: Node | undefined, scope: Scope): ValueType {
  const kind = node?.exprKind
  if (!kind || kind.case === undefined) return 'unknown'
  switch (kind.case) {
    case 'constExpr':
      return CONSTANTS[kind.value.constantKind.case ?? ''] ?? 'unknown'
    case 'identExpr':
      return nameType(kind.value.name, scope)
    case 'selectExpr':
      return memberType(typeOf(kind.value.operand, scope), kind.value.field)
    case 'callExpr': {
      const { function: name, target, args } = kind.value
      const operands = target ? [target, ...args] : args
      return callType(
        name,
        operands.map((operand) => typeOf(operand, scope)),
      )
    }
    case 'listExpr': {
      const types = new Set(kind.value.elements.map((element) => typeOf(element, scope)))
      return types.size === 1 && types.has('text') ? 'list of text' : 'list'
    }
    case 'structExpr':
      for (const { value } of kind.value.entries) typeOf(value, scope)
      break
    case 'comprehensionExpr': {
      const loop = kind.value
      const element = ELEMENTS[typeOf(loop.iterRange, scope)]
      if (element === undefined) throw wrong('loop', [typeOf(loop.iterRange, scope)])
      const start = typeOf(loop.accuInit, scope)
      const variables = new Map([...scope.variables, [loop.iterVar, element], [loop.accuVar, start]] as const)
      const body = { ...scope, variables }
      typeOf(loop.loopCondition, body)
      typeOf(loop.loopStep, body)
      return typeOf(loop.result, body)
    }
  }
  return 'map'
}

const CONSTANTS: Readonly<Record<string, ValueType>> = {
  boolValue: 'bool',
  int64Value: 'int',
  uint64Value: 'uint',
  doubleValue: 'double',
  stringValue: 'text',
  bytesValue: 'bytes',
  nullValue: 'null',
}

const ELEMENTS: Readonly<Partial<Record<ValueType, ValueType>>> = {
  list: 'unknown',
  'list of text': 'text',
  'list of slots': 'slot',
  map: 'unknown',
  unknown: 'unknown',
}

function nameType(name: string, scope: Scope): ValueType {
  const variable = scope.variables.get(name)
  if (variable) return variable
  const signal = signalOf(name)
  if (signal === null) return fixedType(name) ?? 'unknown'
  const type = scope.signal(signal)
  if (!type) throw new AppError('reading.unknown-signal', { detail: { signal } })
  return type
}

function memberType(operand: ValueType, member: string): ValueType {
  if (operand === 'map' || operand === 'unknown') return 'unknown'
  const type = operand === 'slot' ? SLOT_MEMBERS.get(member) : undefined
  if (!type) throw wrong(`.${member}`, [operand])
  return type
}

const NUMBERS: ReadonlySet<ValueType> = new Set(['int', 'uint', 'double'])
const LISTS: ReadonlySet<ValueType> = new Set(['list', 'list of text', 'list of slots'])
const ORDERED: ReadonlySet<ValueType> = new Set(['text', 'bool', 'bytes', 'time', 'span'])

type Rule = (...types: ValueType[]) => ValueType | null
const accepts = (wanted: ValueType, type: ValueType | undefined) => type === wanted || type === 'unknown'
const texts: Rule = (...types) => (types.length === 2 && types.every((type) => accepts('text', type)) ? 'bool' : null)
const convert =
  (to: ValueType, ...from: ValueType[]): Rule =>
  (type) =>
    type !== undefined && (type === 'unknown' || from.includes(type)) ? to : null
const logic: Rule = (...types) => (types.every((type) => accepts('bool', type)) ? 'bool' : null)
const comparable = (a: ValueType | undefined, b: ValueType | undefined) =>
  a === 'unknown' ||
  b === 'unknown' ||
  (a === b && a !== 'null') ||
  (NUMBERS.has(a ?? 'null') && NUMBERS.has(b ?? 'null'))
const equality: Rule = (a, b) =>
  comparable(a, b) || (LISTS.has(a ?? 'null') && LISTS.has(b ?? 'null')) ? 'bool' : null
const order: Rule = (a, b) => {
  const known = a === 'unknown' ? b : a
  if (!comparable(a, b) || known === undefined) return null
  return known === 'unknown' || NUMBERS.has(known) || ORDERED.has(known) ? 'bool' : null
}
const arithmetic: Rule = (a, b) => {
  if (a === 'unknown' || b === 'unknown') return 'unknown'
  return a === b && a !== undefined && NUMBERS.has(a) ? a : null
}
const timePart: Rule = (...types) => (accepts('time', types[0]) || types[0] === 'span' ? 'int' : null)

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['_&&_', logic],
  ['_||_', logic],
  ['!_', logic],
  ['@not_strictly_false', logic],
  ['_==_', equality],
  ['_!=_', equality],
  ['_<_', order],
  ['_<=_', order],
  ['_>_', order],
  ['_>=_', order],
  ['_*_', arithmetic],
  ['_/_', arithmetic],
  ['_%_', (a, b) => (a === 'double' || b === 'double' ? null : arithmetic(a ?? 'null', b ?? 'null'))],
  ['-_', (a) => (a === 'int' || a === 'double' || a === 'unknown' ? a : null)],
  [
    '_+_',
    (a, b) => {
      if (a === 'text' && b === 'text') return 'text'
      if (LISTS.has(a ?? 'null') && LISTS.has(b ?? 'null')) return a === b ? (a ?? null) : 'list'
      if ((a === 'time' && b === 'span') || (a === 'span' && b === 'time')) return 'time'
      if (a === 'span' && b === 'span') return 'span'
      return arithmetic(a ?? 'null', b ?? 'null')
    },
  ],
  [
    '_-_',
    (a, b) => {
      if (a === 'time' && b === 'time') return 'span'
      if (a === 'time' && b === 'span') return 'time'
      if (a === 'span' && b === 'span') return 'span'
      return arithmetic(a ?? 'null', b ?? 'null')
    },
  ],
  ['_?_:_', (test, a, b) => (accepts('bool', test) ? (a === b ? (a ?? null) : 'unknown') : null)],
  ['@in', (_, inside) => (LISTS.has(inside ?? 'null') || inside === 'map' || inside === 'unknown' ? 'bool' : null)],
  ['_[_]', (list) => ELEMENTS[list ?? 'null'] ?? null],
  ['size', (a) => (a === 'text' || a === 'map' || a === 'unknown' || LISTS.has(a ?? 'null') ? 'int' : null)],
  ['startsWith', texts],
  ['endsWith', texts],
  ['contains', texts],
  ['matches', texts],
  ['bool', convert('bool', 'bool', 'text')],
  ['int', convert('int', 'int', 'uint', 'double', 'text', 'time')],
  ['double', convert('double', 'int', 'uint', 'double', 'text')],
  ['string', convert('text', 'text', 'int', 'uint', 'double', 'bool', 'time', 'span')],
  ['timestamp', convert('time', 'text', 'time', 'int')],
  ['duration', convert('span', 'text', 'span')],
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getHours', 'getMinutes']
    .concat('getSeconds')
    .map((name): [string, Rule] => [name, timePart]),
])

function callType(name: string, types: ValueType[]): ValueType {
  const rule = RULES.get(name)
  if (!rule) throw new AppError('condition.error', { detail: { problem: 'unknown-function', why: name } })
  const type = rule(...types)
  if (type === null) throw wrong(name, types)
  return type
}

function wrong(what: string, types: readonly ValueType[]): AppError {
  return new AppError('condition.error', { detail: { problem: 'wrong-type', why: `${what} of ${types.join(', ')}` } })
}
