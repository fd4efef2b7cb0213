import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../../shared/errors.ts'
import { ClientFrame, HostFrame, readFrame } from '../../shared/rpc/wire.ts'

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const code = fc.constantFrom(...(Object.keys(ERROR_CATALOGUE) as ErrorCode[]))
/** `__proto__` is left out where it comes in: nobody names a detail so who means well. */
const name = fc.string().filter((text) => text !== '__proto__')
const error = fc.record({
  code,
  retry: fc.constantFrom('now', 'after-fix', 'never'),
  detail: fc.dictionary(name, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))),
})
const clientFrame = fc.oneof(
  fc.record({ t: fc.constant('open'), version: fc.integer(), token: fc.string({ maxLength: 200 }) }),
  fc.record({ t: fc.constant('call'), id, method: fc.string({ maxLength: 100 }), input: fc.jsonValue() }),
  fc.record({ t: fc.constant('stop'), id }),
)
const hostFrame = fc.oneof(
  fc.record({ t: fc.constant('open'), version: fc.integer() }),
  fc.record({ t: fc.constant('value'), id, value: fc.jsonValue() }),
  fc.record({ t: fc.constant('done'), id, value: fc.jsonValue() }),
  fc.record({ t: fc.constant('error'), id, error }),
)
/** A text with one character left out, changed or doubled. */
const bruised = (text: string) =>
  fc.tuple(fc.nat({ max: text.length }), fc.string({ maxLength: 3 }), fc.nat({ max: 2 })).map(([at, put, cut]) => {
    return text.slice(0, at) + put + text.slice(at + cut)
  })

describe.each([
  ['client', ClientFrame, clientFrame],
  ['host', HostFrame, hostFrame],
] as const)('frames of the %s', (_, schema, arbitrary) => {
  const readsOrRefuses = (message: unknown): boolean => {
    try {
      const frame = readFrame(schema as typeof ClientFrame, message)
      return typeof frame.t === 'string' && Object.getPrototypeOf(frame) === Object.prototype
    } catch (thrown) {
      return thrown instanceof AppError && ['rpc.bad-frame', 'rpc.too-large'].includes(thrown.code)
    }
  }

  it('come back as they were written', () => {
    fc.assert(
      fc.property(arbitrary, (frame) => {
        const text = JSON.stringify(frame)
        expect(JSON.stringify(readFrame(schema as typeof ClientFrame, text))).toBe(text)
      }),
    )
  })

  it('let nobody name a detail so that it becomes something else', () => {
    const text =
      '{"t":"error","id":1,"error":{"code":"internal","retry":"never","detail":{"__proto__":{"admin":true},"a":1}}}'
    const frame = readFrame(HostFrame, text) as { error?: { detail: Record<string, unknown> } }
    expect(frame.error?.detail).toEqual({ a: 1 })
    expect(frame.error?.detail.admin).toBeUndefined()
  })

  it.each([
    ['random text', fc.string({ unit: 'binary' })],
    ['random JSON', fc.json()],
    ['anything at all', fc.anything()],
    ['a bruised frame', arbitrary.chain((frame) => bruised(JSON.stringify(frame)))],
    // Nesting that would overflow the stack of a recursive reader.
    ['deep nesting', fc.constant(`{"t":"stop","id":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
  ])('are read or refused in code: %s', (_name, messages: fc.Arbitrary<unknown>) => {
    expect(() => fc.assert(fc.property(messages, readsOrRefuses))).not.toThrow()
  })
})
