import { AppError } from '../../../shared/errors.ts'
import { type Steps, sortedSteps } from '../../../shared/steps.ts'

/** What canonical JSON can carry. Maps and plain objects mean the same. No fractions: they have no one spelling. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly CanonicalValue[]
  | ReadonlyMap<string, CanonicalValue>
  | { readonly [name: string]: CanonicalValue | undefined }

/**
 * Canonical JSON as OLPC defined it and securesystemslib writes it, which is what TUF signs: no white
 * space, names sorted by code point, only `"` and `\` escaped, whole numbers. Linear in the size of
 * the value. A member that is `undefined` is left out. Throws `trust.bad-json` on anything else.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return whole(value)
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'object') throw notJson(typeof value)
  return isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : object(value)
}

/** UTF-8 bytes of {@link canonicalJson}: what is hashed and signed. */
export function canonicalBytes(value: CanonicalValue): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8')
}

/** {@link canonicalBytes} in steps, for files of many megabytes. */
export function* canonicalByteSteps(value: CanonicalValue): Steps<Uint8Array> {
  const parts: Uint8Array[] = []
  let text = ''
  const write = (more: string) => {
    text += more
    if (text.length < PART_LENGTH) return
    parts.push(Buffer.from(text, 'utf8'))
    text = ''
  }
  yield* writeSteps(value, 0, write)
  return Buffer.concat([...parts, Buffer.from(text, 'utf8')])
}

/** Characters that become bytes at a time. */
const PART_LENGTH = 1 << 18
/** Members between two steps. */
const STRIDE = 256
/** What is nested deeper is written at once: a list of all targets is the member of a member. */
const STEP_DEPTH = 2

function* writeSteps(value: CanonicalValue, depth: number, write: (text: string) => void): Steps<void> {
  if (depth > STEP_DEPTH || !(value instanceof Map)) return write(canonicalJson(value))
  let count = 0
  write('{')
  for (const name of yield* namesInOrder([...value.keys()])) {
    write(`${count > 0 ? ',' : ''}${quoted(name)}:`)
    yield* writeSteps(value.get(name) as CanonicalValue, depth + 1, write)
    count += 1
    if (count % STRIDE === 0) yield
  }
  write('}')
}

function* namesInOrder(names: string[]): Steps<string[]> {
  const pairs = names.some((name) => SURROGATE.test(name))
  if (!pairs && isSorted(names)) return names
  return yield* sortedSteps(names, pairs ? compareCodePoints : compareUnits)
}

function object(value: ReadonlyMap<string, CanonicalValue> | { readonly [name: string]: CanonicalValue | undefined }) {
  const isMap = value instanceof Map
  const names = sorted(isMap ? [...value.keys()] : Object.keys(value))
  let text = '{'
  for (const name of names) {
    const member = isMap ? value.get(name) : (value as { [name: string]: CanonicalValue | undefined })[name]
    if (member !== undefined) text += `${text.length > 1 ? ',' : ''}${quoted(name)}:${canonicalJson(member)}`
  }
  return `${text}}`
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw notJson('fraction')
  // Minus zero is zero.
  return String(value === 0 ? 0 : value)
}

const SURROGATE = /[\ud800-\udfff]/
const NEEDS_LOOK = /["\\\ud800-\udfff]/
const EVERY_ESCAPE = /["\\]/g

function quoted(text: string): string {
  if (!NEEDS_LOOK.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw notJson('lone surrogate')
  return `"${text.replace(EVERY_ESCAPE, '\\$&')}"`
}

/** By code point. JavaScript's own order is by UTF-16 unit, the same while no name needs two units. */
function sorted(names: string[]): string[] {
  if (names.some((name) => SURROGATE.test(name))) return names.sort(compareCodePoints)
  return isSorted(names) ? names : names.sort()
}

/** Whoever signs canonical JSON mostly stores it in that order, too. */
function isSorted(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name)
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By code point, as Python sorts: U+10000 after U+E000, which UTF-16 units would turn round. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    const [xHigh, yHigh] = [isSurrogate(x), isSurrogate(y)]
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

function isArray(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value)
}

function notJson(found: string): AppError {
  return new AppError('trust.bad-json', { detail: { found } })
}
