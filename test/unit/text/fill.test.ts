import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf, fill, isWellFormed } from '../../../renderer/text/fill.ts'
import { createFormats } from '../../../renderer/text/format.ts'

const formats = createFormats('en', { zone: 'UTC', now: () => Date.parse('2026-11-20T10:00:00Z') })

describe('fill', () => {
  test('writes facts plainly, by format and by number', () => {
    expect(fill('{name} holds {size:bytes}', { name: 'crane-07', size: 1_900_000 }, formats)).toBe(
      'crane-07 holds 1.9\u00a0MB',
    )
    expect(fill('{n|# device|# devices}', { n: 1 }, formats)).toBe('1 device')
    expect(fill('{n|# device|# devices}', { n: 0 }, formats)).toBe('0 devices')
    expect(fill('{n|# device|# devices}', { n: 5000 }, formats)).toBe('5,000 devices')
    expect(fill('locked: {locked}', { locked: false }, formats)).toBe('locked: no')
  })

  test('leaves out an optional part that lacks a fact, and only that', () => {
    const text = 'Lost[ on {address}][ after {ms:duration}].'
    expect(fill(text, {}, formats)).toBe('Lost.')
    expect(fill(text, { address: null, ms: 2000 }, formats)).toBe('Lost after 2.0\u00a0s.')
    expect(fill(text, { address: 'COM7', ms: 2000 }, formats)).toBe('Lost on COM7 after 2.0\u00a0s.')
  })

  test('reads instants of signed documents as dates', () => {
    expect(fill('until {at:day}', { at: '2026-12-01T00:00:00Z' }, formats)).toBe('until 1 Dec')
    expect(fill('until {at:day}', { at: 'never' }, formats)).toBe('until never')
  })

  test('shows a dash for a fact that nobody gave', () => {
    expect(fill('{a} and {b}', { a: 1 }, formats)).toBe('1 and –')
  })

  test('never runs a fact as a text of its own', () => {
    assert(
      property(string({ minLength: 1 }), (fact) => {
        expect(fill('<{fact}>', { fact }, formats)).toBe(`<${fact}>`)
      }),
    )
  })
})

test('factsOf names the facts of a text', () => {
  expect(factsOf('{a} of {b:bytes}[ in {c|# hour|# hours}]')).toEqual(['a', 'b', 'c'])
})

test('isWellFormed finds a format that does not exist and brackets that do not close', () => {
  expect(isWellFormed('{a:bytes}[ {b}]')).toBe(true)
  expect(isWellFormed('{a:byte}')).toBe(false)
  expect(isWellFormed('{a')).toBe(false)
  expect(isWellFormed('[ {a}')).toBe(false)
})
