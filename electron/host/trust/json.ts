import { isAscii } from 'node:buffer'
import { AppError } from '../../../shared/errors.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'

export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject
/** A map and not an object: member names are data from outside, and integer-like ones keep their place. */
export type JsonObject = ReadonlyMap<string, JsonValue>

export interface JsonOptions {
  /** `whole`: fractions and exponents are refused (signed metadata has no such numbers). */
  readonly numbers: 'whole' | 'any'
  /** Nesting, at most. */
  readonly depth?: number
  /** Names the file in errors. */
  readonly role?: string
}

const DEPTH = 64
/** What is nested no deeper is read in steps. */
const STEP_DEPTH = 3
/** Members between two steps. */
const STRIDE = 256
/** Longer integers are not versions, lengths or anything else of ours. */
const MAX_DIGITS = 32
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const HEX4 = /[0-9a-fA-F]{4}/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f]/
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * Reads JSON (RFC 8259) that a stranger wrote. Stricter than `JSON.parse`: UTF-8 without a byte order mark,
 * no name twice in one object, no `__proto__`, no lone surrogates, bounded depth; integers beyond 2^53 stay
 * exact. Two parsers that disagree about such a file could be made to trust different things. Linear.
 * Throws `trust.bad-json` with the offset in characters.
 */
export function parseJson(bytes: Uint8Array, options: JsonOptions): JsonValue {
  return atOnce(parseJsonSteps(bytes, options))
}

/** {@link parseJson} in steps, for files of many megabytes. */
export function parseJsonSteps(bytes: Uint8Array, options: JsonOptions): Steps<JsonValue> {
  return new Reader(decode(bytes, options), options).document()
}

function decode(bytes: Uint8Array, { role = null }: { role?: string | null }): string {
  // As metadata mostly is: half the memory, and a tenth of the time.
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('trust.bad-json', { detail: { role, found: 'not UTF-8' }, cause })
  }
}

class Reader {
  readonly #text: string
  readonly #whole: boolean
  readonly #depth: number
  readonly #role: string | null
  #at = 0

  constructor(text: string, options: JsonOptions) {
    this.#text = text
    this.#whole = options.numbers === 'whole'
    this.#depth = options.depth ?? DEPTH
    this.#role = options.role ?? null
  }

  *document(): Steps<JsonValue> {
    const value = yield* this.#valueSteps(0)
    this.#space()
    if (this.#at < this.#text.length) throw this.#bad('more after the end')
    return value
  }

  #value(depth: number): JsonValue {
    this.#space()
    switch (this.#text[this.#at] ?? '') {
      case '{':
        return this.#object(depth + 1)
      case '[':
        return this.#array(depth + 1)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  /** Steps are made in the outer objects alone: the list of all targets is the member of a member. */
  *#valueSteps(depth: number): Steps<JsonValue> {
    this.#space()
    if (depth >= STEP_DEPTH) return this.#value(depth)
    if (this.#text[this.#at] === '[') return yield* this.#arraySteps(depth + 1)
    if (this.#text[this.#at] !== '{') return this.#value(depth)
    this.#enter(depth + 1)
    const members = new Map<string, JsonValue>()
    if (this.#take('}')) return members
    do {
      members.set(this.#name(members), yield* this.#valueSteps(depth + 1))
      if (members.size % STRIDE === 0) yield
    } while (this.#take(','))
    if (!this.#take('}')) throw this.#bad('object not closed')
    return members
  }

  /** The list of a site's devices is a member of the whole. */
  *#arraySteps(depth: number): Steps<readonly JsonValue[]> {
    this.#enter(depth)
    const items: JsonValue[] = []
    if (this.#take(']')) return items
    do {
      items.push(this.#value(depth))
      if (items.length % STRIDE === 0) yield
    } while (this.#take(','))
    if (!this.#take(']')) throw this.#bad('array not closed')
    return items
  }

  #object(depth: number): JsonObject {
    this.#enter(depth)
    const members = new Map<string, JsonValue>()
    if (this.#take('}')) return members
    do members.set(this.#name(members), this.#value(depth))
    while (this.#take(','))
    if (!this.#take('}')) throw this.#bad('object not closed')
    return members
  }

  #name(members: JsonObject): string {
    this.#space()
    if (this.#text[this.#at] !== '"') throw this.#bad('no member name')
    const name = this.#string()
    if (name === '__proto__') throw this.#bad('__proto__')
    if (members.has(name)) throw this.#bad('name twice')
    if (!this.#take(':')) throw this.#bad('no colon')
    return name
  }

  #array(depth: number): readonly JsonValue[] {
    this.#enter(depth)
    const items: JsonValue[] = []
    if (this.#take(']')) return items
    do items.push(this.#value(depth))
    while (this.#take(','))
    if (!this.#take(']')) throw this.#bad('array not closed')
    return items
  }

  #enter(depth: number): void {
    if (depth > this.#depth) throw this.#bad('too deep')
    this.#at += 1
  }

  #string(): string {
    const start = this.#at + 1
    const end = this.#text.indexOf('"', start)
    if (end < 0) throw this.#bad('string not closed')
    const text = this.#text.slice(start, end)
    if (text.includes('\\')) return this.#escapedString(start)
    if (CONTROL.test(text)) throw this.#bad('control character')
    this.#at = end + 1
    return text
  }

  #escapedString(start: number): string {
    const parts: string[] = []
    let plain = start
    for (let i = start; i < this.#text.length; i += 1) {
      const unit = this.#text.charCodeAt(i)
      if (unit < 0x20) throw this.#bad('control character')
      if (unit === 0x22) {
        parts.push(this.#text.slice(plain, i))
        this.#at = i + 1
        const text = parts.join('')
        if (!text.isWellFormed()) throw this.#bad('lone surrogate')
        return text
      }
      if (unit !== 0x5c) continue
      parts.push(this.#text.slice(plain, i), this.#escape(i + 1))
      i += this.#text[i + 1] === 'u' ? 5 : 1
      plain = i + 1
    }
    throw this.#bad('string not closed')
  }

  #escape(at: number): string {
    const letter = this.#text[at] ?? ''
    if (letter !== 'u') {
      const plain = ESCAPES[letter]
      if (plain === undefined) throw this.#bad('unknown escape')
      return plain
    }
    HEX4.lastIndex = at + 1
    const digits = HEX4.exec(this.#text)
    if (!digits) throw this.#bad('unknown escape')
    return String.fromCharCode(Number.parseInt(digits[0], 16))
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (!match) throw this.#bad('no value')
    const [digits, fraction, exponent] = match
    const whole = fraction === undefined && exponent === undefined
    if (this.#whole && !whole) throw this.#bad('fraction')
    if (whole && digits.length > MAX_DIGITS) throw this.#bad('number too long')
    this.#at += digits.length
    const value = Number(digits)
    if (whole && !Number.isSafeInteger(value)) return BigInt(digits)
    if (!Number.isFinite(value)) throw this.#bad('number too large')
    return value === 0 ? 0 : value
  }

  #word<T extends boolean | null>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#bad('no value')
    this.#at += word.length
    return value
  }

  #take(mark: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== mark) return false
    this.#at += 1
    return true
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.#at += 1
    }
  }

  #bad(found: string): AppError {
    return new AppError('trust.bad-json', { detail: { role: this.#role, found, at: this.#at } })
  }
}

/** The value as plain objects and arrays, for a schema to read. Integers beyond 2^53 become numbers there. */
export function toPlain(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (!(value instanceof Map)) return (value as readonly JsonValue[]).map(toPlain)
  return Object.fromEntries([...value].map(([name, member]) => [name, toPlain(member)]))
}

/** {@link toPlain} in steps: the members of the whole, and their elements. */
export function* toPlainSteps(value: JsonValue): Steps<unknown> {
  if (!(value instanceof Map)) return toPlain(value)
  const members: [string, unknown][] = []
  for (const [name, member] of value as JsonObject) {
    members.push([name, Array.isArray(member) ? yield* itemsSteps(member as readonly JsonValue[]) : toPlain(member)])
  }
  return Object.fromEntries(members)
}

function* itemsSteps(items: readonly JsonValue[]): Steps<unknown[]> {
  const plain: unknown[] = []
  for (const item of items) {
    plain.push(toPlain(item))
    if (plain.length % STRIDE === 0) yield
  }
  return plain
}
