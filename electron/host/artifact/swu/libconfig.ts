import { unreadable } from '../source.ts'
import { type Token, tokenize } from './libconfig-tokens.ts'

/** A setting: text, number, truth, `( list )` or `[ array ]`, or a `{ group }`. */
export type Setting = string | number | boolean | readonly Setting[] | Group
export interface Group {
  readonly [name: string]: Setting
}

const MAX_DEPTH = 16

/**
 * Reads libconfig text as `sw-description` uses it. A name that comes twice in a group is refused: the device
 * and we might each believe another one. Throws `artifact.unreadable`.
 */
export function parseLibconfig(text: string): Group {
  const reader = new Reader(tokenize(text))
  const group = reader.settings(0)
  reader.expectEnd()
  return group
}

export function isGroup(setting: Setting | undefined): setting is Group {
  return typeof setting === 'object' && !Array.isArray(setting)
}

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  settings(depth: number): Group {
    const group: Record<string, Setting> = Object.create(null) as Record<string, Setting>
    for (let token = this.#peek(); token?.kind === 'name'; token = this.#peek()) {
      this.#at += 1
      if (!this.#takeMark('=')) throw this.#wrong()
      if (token.value in group) throw unreadable('description-name-twice', { name: token.value })
      group[token.value] = this.#value(depth + 1)
      if (!this.#takeMark(';')) this.#takeMark(',')
    }
    return group
  }

  expectEnd(): void {
    if (this.#peek()) throw this.#wrong()
  }

  #value(depth: number): Setting {
    if (depth > MAX_DEPTH) throw unreadable('description-depth')
    if (this.#takeMark('{')) {
      const group = this.settings(depth)
      if (!this.#takeMark('}')) throw this.#wrong()
      return group
    }
    if (this.#takeMark('(')) return this.#items(')', depth)
    if (this.#takeMark('[')) return this.#items(']', depth)
    return this.#scalar()
  }

  #items(close: ')' | ']', depth: number): readonly Setting[] {
    const items: Setting[] = []
    while (!this.#takeMark(close)) {
      items.push(this.#value(depth + 1))
      if (!this.#takeMark(',') && !this.#isMark(close)) throw this.#wrong()
    }
    return items
  }

  #scalar(): Setting {
    const token = this.#peek()
    this.#at += 1
    if (token?.kind === 'number') return token.value
    if (token?.kind === 'name' && /^(?:true|false)$/i.test(token.value)) return token.value.toLowerCase() === 'true'
    if (token?.kind !== 'string') throw this.#wrong()
    let value = token.value
    // Neighbouring strings are one string, as in C.
    for (let next = this.#peek(); next?.kind === 'string'; next = this.#peek()) {
      value += next.value
      this.#at += 1
    }
    return value
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  #isMark(value: string): boolean {
    const token = this.#peek()
    return token?.kind === 'mark' && token.value === value
  }

  #takeMark(value: string): boolean {
    const here = this.#isMark(value)
    if (here) this.#at += 1
    return here
  }

  #wrong() {
    return unreadable('description-syntax', { token: this.#at })
  }
}
