import { expect, it } from 'vitest'
import { EXIT, exitCodeOf, exitCodeOfRun } from '../../../electron/cli/exit-code.ts'
import { ERROR_CATALOGUE, type ErrorCode } from '../../../shared/errors.ts'
import { Phase } from '../../../shared/model/run.ts'

it.each([
  ['people.wrong-passphrase', 3],
  ['people.role-missing', 3],
  ['condition.false', 4],
  ['reading.stale', 4],
  ['plan.expired', 4],
  ['device.no-answer', 5],
  ['link.lost', 5],
  ['trust.rollback', 6],
  ['artifact.corrupt', 6],
  ['host.already-running', 9],
  ['rpc.closed', 9],
  ['sync.unreachable', 10],
  ['store.corrupt', 11],
  ['disk.full', 11],
  ['rpc.bad-input', 2],
  ['cancelled', 130],
  ['internal', 1],
] as const)('a script sees %s as %i', (code, exit) => {
  expect(exitCodeOf(code)).toBe(exit)
})

it('no error looks like success', () => {
  const codes = Object.keys(ERROR_CATALOGUE) as ErrorCode[]
  expect(codes.filter((code) => exitCodeOf(code) === EXIT.ok)).toEqual([])
})

it('a run is a success only when it succeeded', () => {
  expect(Phase.options.filter((phase) => exitCodeOfRun(phase, false) === EXIT.ok)).toEqual(['succeeded'])
  expect(exitCodeOfRun('unknown', false)).toBe(7)
  expect(exitCodeOfRun('attention', true)).toBe(8)
  expect(exitCodeOfRun('rolled-back', false)).toBe(12)
  expect(exitCodeOfRun('failed', false)).toBe(1)
})
