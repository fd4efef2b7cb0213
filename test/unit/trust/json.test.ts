import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JsonValue, parseJson, toPlain } from '../../../electron/host/trust/json.ts'
import { isAppError } from '../../../shared/errors.ts'

const parse = (text: string, numbers: 'whole' | 'any' = 'any', depth?: number) =>
  parseJson(Buffer.from(text), depth === undefined ? { numbers } : { numbers, depth })
/** What it found wrong; null when nothing. */
const refused = (text: string | Uint8Array, numbers: 'whole' | 'any' = 'any'): string | null => {
  try {
    parseJson(typeof text === 'string' ? Buffer.from(text) : text, { numbers })
    return null
  } catch (error) {
    if (isAppError(error, 'trust.bad-json')) return String(error.detail.found)
    throw error
  }
}

describe('what it refuses and JSON.parse would not', () => {
  it.each([
    ['{"a":1,"a":2}', 'name twice'],
    ['{"a":1,"\\u0061":2}', 'name twice'],
    ['{"x":{"__proto__":1}}', '__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['"\\ud800"', 'lone surrogate'],
    ['"\\udc00\\ud800"', 'lone surrogate'],
    ['\uFEFF{}', 'no value'],
    ['[1e400]', 'number too large'],
    [`[${'1'.repeat(33)}]`, 'number too long'],
  ])('%s', (text, found) => {
    expect(refused(text)).toBe(found)
  })

  it('fractions and exponents where numbers are signed', () => {
    for (const text of ['1.0', '1.5', '1e3', '-0.0', '1E0']) {
      expect(refused(text, 'whole')).toBe('fraction')
      expect(parse(text)).toBe(JSON.parse(text) === 0 ? 0 : JSON.parse(text))
    }
  })

  it('bytes that are not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(() => parseJson(Uint8Array.from(bytes), { numbers: 'any' })).toThrow('not UTF-8')
    }
  })

  it('nesting without end', () => {
    expect(refused('['.repeat(100_000))).toBe('too deep')
    expect(refused(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`)).toBe('too deep')
    expect(() => parse('[[1]]', 'any', 2)).not.toThrow()
    expect(() => parse('[[1]]', 'any', 1)).toThrow('too deep')
  })
})

it('keeps whole numbers exact', () => {
  expect(parse('[18446744073709551617,-9007199254740993,9007199254740991,-0]', 'whole')).toEqual([
    18446744073709551617n,
    -9007199254740993n,
    9007199254740991,
    0,
  ])
})

it('keeps names that look like numbers in their order', () => {
  expect([...(parse('{"b":1,"10":2,"9":3}') as ReadonlyMap<string, JsonValue>).keys()]).toEqual(['b', '10', '9'])
})

it.each([
  '',
  ' ',
  '{',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  "['a']",
  '01',
  '+1',
  '.5',
  '1.',
  '- 1',
  'nul',
  'truee',
  '"\t"',
  '"\\x"',
  '"\\u12"',
  '"a',
  '[1]x',
  '/**/1',
  'NaN',
])('refuses what is no JSON: %s', (text) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
  expect(refused(text)).toEqual(expect.any(String))
})

describe('properties', () => {
  it('reads what JSON.parse reads, and means the same', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.boolean(), (text, spaced) => {
        const source = spaced ? JSON.stringify(JSON.parse(text), null, 2) : text
        const plain = JSON.parse(source)
        const bad = refused(source)
        // The few things that it alone refuses are no matter here.
        fc.pre(bad === null || !/lone surrogate|__proto__|number too/.test(bad))
        expect(toPlain(parse(source))).toEqual(normal(plain))
      }),
      { numRuns: 300 },
    )
  })

  it('never throws anything but its own code, on any bytes', () => {
    const soup = fc.array(
      fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', 'u', '0', '-', '1e', '.', 'true', ' ', 'é'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          soup.map((parts) => Buffer.from(parts.join(''))),
        ),
        (bytes) => {
          const bad = refused(bytes)
          fc.pre(bad === null)
          const plain = JSON.parse(Buffer.from(bytes).toString('utf8'))
          expect(toPlain(parseJson(bytes, { numbers: 'any' }))).toEqual(normal(plain))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('takes time in proportion to the size, whatever is inside', () => {
    const hostile = [
      (n: number) => `"${'\\"'.repeat(n)}"`,
      (n: number) => `"${'\\u0041'.repeat(n)}"`,
      (n: number) => `[${'"",'.repeat(n)}""]`,
      (n: number) => `{${Array.from({ length: n }, (_, i) => `"${i}":${i}`).join(',')}}`,
      (n: number) => `${' '.repeat(n)}1`,
    ]
    for (const make of hostile) {
      // With a square of this size the test would run for hours; the runner's limit ends it.
      expect(parse(make(200_000))).toBeDefined()
    }
  })
})

/** JSON.parse knows minus zero; we do not. */
function normal(value: unknown): unknown {
  if (Object.is(value, -0)) return 0
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, normal(v)]))
}
