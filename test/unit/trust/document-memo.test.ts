import { expect, it } from 'vitest'
import { DocumentMemo } from '../../../electron/host/trust/document-memo.ts'
import { AppError } from '../../../shared/errors.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'

/** Reading in one step. */
function* value<T>(make: () => T): Steps<T> {
  yield
  return make()
}

it('reads the same bytes under the same name once, and others anew', () => {
  const memo = new DocumentMemo()
  const read: string[] = []
  const ask = (path: string, sha256: string) =>
    atOnce(
      memo.document(path, sha256, () =>
        value(() => {
          read.push(`${path} ${sha256}`)
          return { path }
        }),
      ),
    )
  const first = ask('plans/a.json', '1')
  memo.settle()
  expect(ask('plans/a.json', '1')).toBe(first)
  ask('plans/a.json', '2')
  // The same bytes mean something else in another place: a profile is no plan.
  ask('profiles/a.json', '1')
  expect(read).toEqual(['plans/a.json 1', 'plans/a.json 2', 'profiles/a.json 1'])
})

it('keeps no failure, and forgets what a library did not ask for', () => {
  const memo = new DocumentMemo()
  const ask = (make: () => unknown) => atOnce(memo.document('plans/a.json', '1', () => value(make)))
  const bad = () => {
    throw new AppError('document.invalid')
  }
  expect(() => ask(bad)).toThrow(AppError)
  expect(ask(() => 'good')).toBe('good')
  memo.settle()
  memo.settle()
  expect(ask(() => 'anew')).toBe('anew')
})

it('a verdict is of a plan and the very profiles it was judged against', () => {
  const memo = new DocumentMemo()
  const refusal = { code: 'depot.lint', retry: 'never', detail: {} } as const
  expect(memo.verdict(['plan', 'profile-1'], () => refusal)).toBe(refusal)
  memo.settle()
  expect(memo.verdict(['plan', 'profile-1'], () => null)).toBe(refusal)
  expect(memo.verdict(['plan', 'profile-2'], () => null)).toBeNull()
  expect(memo.verdict(['plan'], () => null)).toBeNull()
})
