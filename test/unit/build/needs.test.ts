import { expect, it, type TestContext, vi } from 'vitest'
import { cannotRun, needsAll } from '../../fixtures/needs.ts'

class Skipped extends Error {}
const context = {
  skip: (why: string) => {
    throw new Skipped(why)
  },
} as unknown as TestContext

it('what is missing fails a test under CI, and is said elsewhere', () => {
  vi.stubEnv('CI', undefined)
  expect(() => cannotRun(context, 'no crane')).toThrow(Skipped)
  expect(() => needsAll(context, ['sh', 'no-such-program', '/no/such/file'], 'apt install it')).toThrow(
    'not installed: no-such-program, /no/such/file (apt install it)',
  )
  vi.stubEnv('CI', 'true')
  expect(() => cannotRun(context, 'no crane')).toThrow('no crane')
  expect(() => cannotRun(context, 'no crane')).not.toThrow(Skipped)
  vi.unstubAllEnvs()
})

it('a test that has all goes on, whatever the names hold', () => {
  needsAll(context, ['sh', import.meta.filename])
  vi.stubEnv('CI', undefined)
  expect(() => needsAll(context, ['$(exit 0)', '-v'])).toThrow(Skipped)
  vi.unstubAllEnvs()
})
