import { AppError } from '../../../shared/errors.ts'

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

function object(value: ReadonlyMap<string, CanonicalValue> | { readonly [name: string]: CanonicalValue | undefined }) {
  const isMap = value instanceof Map
  const names: string[] = isMap ? [...value.keys()] : Object.keys(value)
  // JavaScript's own order is by UTF-16 unit, the same as by code point while no name needs two units.
  if (names.some((name) => SURROGATE.test(name))) names.sort(compareCodePoints)
  else names.sort()
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
const NEEDS_ESCAPE = /["\\]/
const EVERY_ESCAPE = /["\\]/g

function quoted(text: string): string {
  if (!text.isWellFormed()) throw notJson('lone surrogate')
  return NEEDS_ESCAPE.test(text) ? `"${text.replace(EVERY_ESCAPE, '\\$&')}"` : `"${text}"`
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
