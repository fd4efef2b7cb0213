import { AppError } from '../../../shared/errors.ts'
import { Instant } from '../../../shared/model/text.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'
import type { JsonObject, JsonValue } from './json.ts'

/** Members between two steps. */
const STRIDE = 256

/**
 * Typed access to the members of a JSON object in signed metadata. Every getter throws
 * `trust.bad-metadata` with the file and the member that is wrong or missing.
 */
export class Fields {
  readonly #object: JsonObject
  readonly #file: string
  readonly #path: string

  constructor(value: JsonValue | undefined, file: string, path = '') {
    if (!(value instanceof Map)) throw bad(file, path || '(whole)')
    this.#object = value as JsonObject
    this.#file = file
    this.#path = path
  }

  raw(name: string): JsonValue | undefined {
    return this.#object.get(name)
  }

  has(name: string): boolean {
    return this.#object.has(name)
  }

  text(name: string): string {
    const value = this.#object.get(name)
    return typeof value === 'string' ? value : this.#refuse(name)
  }

  bool(name: string): boolean {
    const value = this.#object.get(name)
    return typeof value === 'boolean' ? value : this.#refuse(name)
  }

  /** A whole number from `least` up to 2^53 - 1. */
  int(name: string, least: number): number {
    const value = this.#object.get(name)
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : this.#refuse(name)
  }

  /** `YYYY-MM-DDThh:mm:ssZ` and nothing else (TUF 4.2, "expires"), as ms since 1970. */
  instant(name: string): number {
    const parsed = Instant.safeParse(this.#object.get(name))
    return parsed.success ? Date.parse(parsed.data) : this.#refuse(name)
  }

  list(name: string): readonly JsonValue[] {
    const value = this.#object.get(name)
    return Array.isArray(value) ? value : this.#refuse(name)
  }

  texts(name: string): readonly string[] {
    const list = this.list(name)
    const texts = list.filter((item) => typeof item === 'string')
    return texts.length === list.length ? texts : this.#refuse(name)
  }

  /** A list of texts, none of them twice. */
  distinctTexts(name: string): readonly string[] {
    const texts = this.texts(name)
    return new Set(texts).size === texts.length ? texts : this.#refuse(name)
  }

  object(name: string): Fields {
    return new Fields(this.#object.get(name), this.#file, this.#at(name))
  }

  /** Members of this object, each read by `read`. */
  map<T>(read: (value: Fields, name: string) => T): Map<string, T> {
    return atOnce(this.mapSteps(read))
  }

  /** {@link map} in steps, for a list of a hundred thousand targets. */
  *mapSteps<T>(read: (value: Fields, name: string) => T): Steps<Map<string, T>> {
    const members = new Map<string, T>()
    for (const [name, value] of this.#object) {
      members.set(name, read(new Fields(value, this.#file, this.#at(name)), name))
      if (members.size % STRIDE === 0) yield
    }
    return members
  }

  entries(): Iterable<[string, JsonValue]> {
    return this.#object
  }

  refuse(name: string): AppError {
    return bad(this.#file, this.#at(name))
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  #refuse(name: string): never {
    throw this.refuse(name)
  }
}

function bad(file: string, field: string): AppError {
  // A hostile name must not flood a log or a screen.
  return new AppError('trust.bad-metadata', { detail: { role: file.slice(0, 100), why: field.slice(0, 200) } })
}
