import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalByteSteps, canonicalBytes, canonicalJson } from '../../../electron/host/crypto/canonical-json.ts'
import { atOnce } from '../../../shared/steps.ts'

describe('canonical JSON as securesystemslib writes it', () => {
  it('sorts names, drops white space, escapes only quote and backslash', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'], '"\\': '\n\t\u0001é/' })).toBe(
      '{"\\"\\\\":"\n\t\u0001é/","a":[true,null,"x"],"b":1}',
    )
  })

  it('sorts by code point, not by UTF-16 unit', () => {
    // U+FFFD is one unit (0xfffd) and sorts after the surrogates of U+10000 in JavaScript's own order.
    expect(canonicalJson({ '\u{10000}': 1, '\uFFFD': 2 })).toBe('{"\uFFFD":2,"\u{10000}":1}')
    expect(canonicalJson({ 'a\u{10000}': 1, a: 2, 'a\u{10000}b': 3 })).toBe('{"a":2,"a\u{10000}":1,"a\u{10000}b":3}')
  })

  it('sorts names that look like numbers as text', () => {
    expect(canonicalJson({ 10: 'a', 9: 'b', 1: 'c' })).toBe('{"1":"c","10":"a","9":"b"}')
  })

  it('takes maps and objects alike', () => {
    const map = new Map<string, string | number>([
      ['z', 1],
      ['a', 'b'],
    ])
    expect(canonicalJson(map)).toBe(canonicalJson({ a: 'b', z: 1 }))
  })

  it('keeps integers beyond 2^53 and writes minus zero as zero', () => {
    expect(canonicalJson([2n ** 64n, -0, 0, -5])).toBe('[18446744073709551616,0,0,-5]')
  })

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '\ud800', undefined])('refuses %s', (value) => {
    expect(() => canonicalJson([value as string])).toThrow(expect.objectContaining({ code: 'trust.bad-json' }))
  })

  it('leaves members out that are undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}')
  })

  it('is UTF-8', () => {
    expect(Buffer.from(canonicalBytes('é')).toString('hex')).toBe('22c3a922')
  })

  it('means the same after a round trip, whatever the order of names', () => {
    const value = fc.jsonValue({ depthSize: 'small' }).map((v) => JSON.parse(JSON.stringify(v, wholeNumbers)))
    fc.assert(
      fc.property(value, (v) => {
        const text = canonicalJson(v)
        // Control characters are legal in canonical JSON and not in JSON.
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
        const controls = /[\u0000-\u001f]/g
        const json = text.replace(controls, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
        expect(JSON.parse(json)).toEqual(v)
        expect(canonicalJson(reversed(v))).toBe(text)
      }),
    )
  })
})

function wholeNumbers(_name: string, value: unknown): unknown {
  if (typeof value === 'number') return Math.trunc(value) % 1e9 || 0
  return typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value
}

function reversed(value: unknown): never {
  if (Array.isArray(value)) return value.map(reversed) as never
  if (typeof value !== 'object' || value === null) return value as never
  return new Map(
    Object.entries(value)
      .toReversed()
      .map(([k, v]) => [k, reversed(v)]),
  ) as never
}

describe('canonical JSON in steps', () => {
  const inSteps = (value: Parameters<typeof canonicalByteSteps>[0]) =>
    Buffer.from(atOnce(canonicalByteSteps(value))).toString('utf8')
  const many = (count: number, name: (i: number) => string) =>
    new Map(Array.from({ length: count }, (_, i) => [name(i), new Map([['b', i] as const, ['a', -i] as const])]))

  it.each([
    ['in order', (i: number) => `image-${String(i).padStart(6, '0')}`],
    ['out of order', (i: number) => `image-${(i * 7919) % 10_007}`],
    ['with names of two units', (i: number) => `${i % 3 === 0 ? '\u{10000}' : '\uFFFD'}${(i * 7919) % 10_007}`],
  ])('is the same for ten thousand members %s', (_, name) => {
    const value = new Map([['signed', new Map([['targets', many(10_007, name)]])]])
    expect(inSteps(value) === canonicalJson(value)).toBe(true)
  })

  it('is the same for any value', () => {
    const value = fc.jsonValue({ depthSize: 'medium' }).map((v) => JSON.parse(JSON.stringify(v, wholeNumbers)))
    fc.assert(
      fc.property(value, (v) => {
        expect(inSteps(asMaps(v))).toBe(canonicalJson(v))
      }),
    )
  })

  it('pauses often on the way', () => {
    const steps = canonicalByteSteps(new Map([['targets', many(20_000, (i) => `t${i}`)]]))
    let count = 0
    while (!steps.next().done) count += 1
    expect(count).toBeGreaterThan(60)
  })

  it('refuses what cannot be written', () => {
    expect(() => inSteps(new Map([['a', new Map([['b', 1.5]])]]))).toThrow(
      expect.objectContaining({ code: 'trust.bad-json' }),
    )
  })
})

// biome-ignore lint/suspicious/noExplicitAny: any JSON value
function asMaps(value: any): any {
  if (Array.isArray(value)) return value.map(asMaps)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([name, member]) => [name, asMaps(member)]))
}
