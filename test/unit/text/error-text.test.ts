import { describe, expect, test } from 'vitest'
import { ERRORS, errorText } from '../../../renderer/text/error-text.ts'
import { factsOf, isWellFormed } from '../../../renderer/text/fill.ts'
import { LANGUAGES } from '../../../renderer/text/language.ts'
import { ERROR_CATALOGUE, type ErrorCode } from '../../../shared/errors.ts'

const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[]
const bare = (code: ErrorCode) => ({ code, retry: 'never' as const, detail: {} })

describe.each(LANGUAGES)('errors in %s', (language) => {
  test.each(CODES)('%s has words of its own that use the same facts as the English ones', (code) => {
    const words = ERRORS[language][code]
    const english = ERRORS.en[code]
    expect(words, 'no words for this code').toBeDefined()
    for (const index of [0, 1] as const) {
      const text = words?.[index] ?? ''
      expect(isWellFormed(text), text).toBe(true)
      expect(factsOf(text).sort(), text).toEqual(factsOf(english?.[index] ?? '').sort())
    }
    expect(language === 'en' || words !== english, 'is translated').toBe(true)
  })

  test.each(CODES)('%s has a sentence and a next step that read well without facts', (code) => {
    const { what, next } = errorText(bare(code), language)
    for (const text of [what, next]) {
      expect(text, 'ends a sentence').toMatch(/[.?]$/)
      expect(text, 'is filled').not.toMatch(/[{}[\]–]/)
      expect(text, 'is set cleanly').not.toMatch(/ {2}| [.,;:]|\.\./)
      expect(text, 'does not shout').not.toMatch(/!/)
      expect(text, 'leaves the code to the detail line').not.toContain(code)
      expect(text.length, 'is short').toBeLessThan(200)
    }
  })
})

test('facts fill the sentence', () => {
  const lost = { code: 'link.lost', retry: 'now', detail: { address: 'serial:/dev/ttyUSB0' } } as const
  expect(errorText(lost, 'en')).toEqual({
    what: 'The connection to the device was lost (serial:/dev/ttyUSB0).',
    next: 'Check the cable. Slipway goes on by itself when the device is back.',
    code: 'E-LINK-LOST',
  })
})
