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
  const out: string[] = []
  write(value, out)
  return out.join('')
}

/** UTF-8 bytes of {@link canonicalJson}: what is hashed and signed. */
export function canonicalBytes(value: CanonicalValue): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8')
}

function write(value: CanonicalValue, out: string[]): void {
  if (typeof value === 'string') return void out.push(quoted(value))
  if (typeof value === 'number') return void out.push(whole(value))
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return void out.push(String(value))
  if (typeof value !== 'object') throw notJson(typeof value)
  if (isArray(value)) writeArray(value, out)
  else writeObject(value, out)
}

function writeArray(items: readonly CanonicalValue[], out: string[]): void {
  out.push('[')
  for (const [index, item] of items.entries()) {
    if (index > 0) out.push(',')
    write(item, out)
  }
  out.push(']')
}

function writeObject(value: Exclude<CanonicalValue, readonly CanonicalValue[] | null | string>, out: string[]): void {
  const members: [string, CanonicalValue | undefined][] =
    value instanceof Map ? [...value] : Object.entries(value as { [name: string]: CanonicalValue })
  members.sort(([a], [b]) => compareCodePoints(a, b))
  out.push('{')
  let first = true
  for (const [name, member] of members) {
    if (member === undefined) continue
    if (!first) out.push(',')
    first = false
    out.push(quoted(name), ':')
    write(member, out)
  }
  out.push('}')
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw notJson('fraction')
  // Minus zero is zero.
  return String(value === 0 ? 0 : value)
}

const NEEDS_ESCAPE = /["\\]/g

function quoted(text: string): string {
  if (!text.isWellFormed()) throw notJson('lone surrogate')
  return `"${text.replace(NEEDS_ESCAPE, '\\$&')}"`
}

/** By code point, as Python sorts. JavaScript's own order is by UTF-16 unit and puts U+10000 before U+E000. */
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
