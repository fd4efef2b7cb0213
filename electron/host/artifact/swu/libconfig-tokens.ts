import { unreadable } from '../source.ts'

export type Token =
  | { readonly kind: 'mark'; readonly value: '{' | '}' | '(' | ')' | '[' | ']' | '=' | ';' | ',' }
  | { readonly kind: 'name' | 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }

/** Tried in this order at each place. `:` and `=` mean the same. */
const PATTERNS = {
  space: /(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y,
  mark: /[{}()[\]=:;,]/y,
  string: /"(?:[^"\\]|\\[\s\S])*"/y,
  number: /[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)L{0,2}(?![\w.])/y,
  name: /[A-Za-z*][\w*-]*/y,
} as const

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\u0007', b: '\b' }

/** Splits libconfig text into tokens. `@include` and anything unknown is refused. Throws `artifact.unreadable`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  for (;;) {
    take(PATTERNS.space)
    if (at >= text.length) return tokens
    const token = nextToken(take)
    if (!token) throw unreadable('description-syntax', { line: text.slice(0, at).split('\n').length })
    tokens.push(token)
  }
}

function nextToken(take: (pattern: RegExp) => string | null): Token | null {
  const mark = take(PATTERNS.mark)
  if (mark !== null) return { kind: 'mark', value: mark === ':' ? '=' : (mark as '{') }
  const quoted = take(PATTERNS.string)
  if (quoted !== null) return { kind: 'string', value: unescaped(quoted.slice(1, -1)) }
  const number = take(PATTERNS.number)
  if (number !== null) return { kind: 'number', value: Number(number.replace(/L+$/, '')) }
  const name = take(PATTERNS.name)
  return name === null ? null : { kind: 'name', value: name }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_, code: string | undefined, char: string) =>
    code === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
