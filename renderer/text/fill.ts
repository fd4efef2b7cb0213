import type { Formats } from './format.ts'

/**
 * The grammar of every text in this folder:
 *
 * - `{name}` a fact: text as it is, numbers and booleans as the language writes them
 * - `{name:bytes}` a number written by that member of {@link Formats}
 * - `{name|# device|# devices}` one form or the other by the number, `#` standing for it
 * - `[, {age:duration} ago]` a part that is left out when one of its facts is missing
 */
export type Fact = string | number | boolean
export type Facts = Readonly<Record<string, Fact | null | undefined>>

/** Formats that a text may name. */
const NUMBER_FORMATS = [
  'number',
  'percent',
  'bytes',
  'rate',
  'duration',
  'elapsed',
  'day',
  'time',
  'datetime',
] as const satisfies readonly (keyof Formats)[]
type NumberFormat = (typeof NUMBER_FORMATS)[number]

const PLACEHOLDER = /\{(\w+)(?::(\w+)|\|([^|}]*)\|([^|}]*))?\}/g
const OPTIONAL = /\[([^\]]*)\]/g

/** Names of the facts in a text whose presence the type system can check: `'{a} of {b:bytes}'` -> `'a' | 'b'`. */
export type FactNames<Text extends string> = Text extends `${string}{${infer Inner}}${infer Rest}`
  ? NameOf<Inner> | FactNames<Rest>
  : never
type NameOf<Inner extends string> = Inner extends `${infer Name}|${string}`
  ? Name
  : Inner extends `${infer Name}:${string}`
    ? Name
    : Inner

/** A text with its facts. A fact that is missing outside an optional part reads `–`, never `undefined`. */
export function fill(text: string, facts: Facts, formats: Formats): string {
  const missing = (name: string) => facts[name] === undefined || facts[name] === null || facts[name] === ''
  const withoutEmptyParts = text.replace(OPTIONAL, (_, part: string) => (factsOf(part).some(missing) ? '' : part))
  return withoutEmptyParts.replace(PLACEHOLDER, (_, name: string, format?: string, one?: string, other?: string) => {
    const fact = facts[name]
    if (fact === undefined || fact === null) return '–'
    if (one !== undefined && other !== undefined) return plural(fact, one, other, formats)
    return write(fact, format, formats)
  })
}

/** The names of the facts that a text uses, in order of appearance. */
export function factsOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] as string)
}

/** Whether every `{...}` of a text can be filled: a mistyped format would reach a person as braces. */
export function isWellFormed(text: string): boolean {
  const formats = [...text.matchAll(PLACEHOLDER)].map((match) => match[2])
  const rest = text.replace(PLACEHOLDER, '').replace(OPTIONAL, '')
  return !/[{}[\]]/.test(rest) && formats.every((format) => format === undefined || isNumberFormat(format))
}

function write(fact: Fact, format: string | undefined, formats: Formats): string {
  if (typeof fact === 'boolean') return formats.bool(fact)
  if (typeof fact === 'string') {
    // Signed documents carry their instants as text.
    const isDate = format === 'day' || format === 'time' || format === 'datetime'
    const ms = isDate ? Date.parse(fact) : Number.NaN
    return isDate && Number.isFinite(ms) ? formats[format](ms) : fact
  }
  return format !== undefined && isNumberFormat(format) ? formats[format](fact) : formats.number(fact)
}

function plural(fact: Fact, one: string, other: string, formats: Formats): string {
  // English, German, Norwegian and Spanish all use the singular for 1 alone.
  const form = fact === 1 ? one : other
  return form.replaceAll('#', write(fact, undefined, formats))
}

function isNumberFormat(name: string): name is NumberFormat {
  return (NUMBER_FORMATS as readonly string[]).includes(name)
}
