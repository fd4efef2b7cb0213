import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesPattern } from '../../../electron/host/trust/path-pattern.ts'

it.each([
  ['plans/crane.json', 'plans/*', true],
  ['plans/crane.json', '*', false],
  ['plans/a/crane.json', 'plans/*', false],
  ['plans/a/crane.json', 'plans/*/*', true],
  ['plans/crane.json', 'plans/*.json', true],
  ['plans/crane.json', 'plans/?rane.*', true],
  ['plans/crane.json', 'plans/??ane', false],
  ['plans/.hidden', 'plans/*', true],
  ['plans/', 'plans/*', true],
  ['plans', 'plans/*', false],
  ['/plans/a', 'plans/*', false],
  ['a', '**', true],
  ['a/b', '**', false],
  ['!secret', '!secret', true],
  ['other', '!secret', false],
  ['#x', '#x', true],
  ['a{b,c}', 'a{b,c}', true],
  ['ab', 'a{b,c}', false],
  ['[a]', '[a]', true],
  ['a', '[a]', false],
  ['a.b', 'a?b', true],
  ['\u{1F600}', '?', true],
  ['Plans/a', 'plans/*', false],
  ['', '', true],
  ['', '*', true],
])('"%s" under "%s": %s', (path, pattern, match) => {
  expect(matchesPattern(path, pattern)).toBe(match)
})

it('agrees with a regular expression made of the same pattern', () => {
  const part = fc.array(fc.constantFrom('a', 'b', '.', '*', '?', '/'), { maxLength: 10 }).map((marks) => marks.join(''))
  const text = fc.array(fc.constantFrom('a', 'b', '.', '/'), { maxLength: 10 }).map((marks) => marks.join(''))
  fc.assert(
    fc.property(text, part, (path, pattern) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')
      expect(matchesPattern(path, pattern)).toBe(new RegExp(`^${source}$`).test(path))
    }),
    { numRuns: 2000 },
  )
})

it('no pattern makes it slow', () => {
  // A matcher that goes back and tries again would not end in a lifetime; the runner's limit ends it.
  expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(500)}b`)).toBe(false)
})
