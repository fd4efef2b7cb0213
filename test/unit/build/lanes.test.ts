import { describe, expect, it } from 'vitest'
import { asReport } from '../../../build/lanes/fuzz.ts'
import { type LaneResult, passed, summary, type VitestReport } from '../../../build/lanes/report.ts'

const report = (passedTests: number, failed = 0, skipped: string[] = []): VitestReport => ({
  numPassedTests: passedTests,
  numFailedTests: failed,
  numPendingTests: skipped.length,
  testResults: [
    {
      name: 'x.test.ts',
      status: 'passed',
      assertionResults: skipped.map((fullName) => ({ fullName, status: 'skipped', failureMessages: [] })),
    },
  ],
})
const ran = (lane: string, more: Partial<LaneResult> = {}): LaneResult => ({
  lane,
  seconds: 12.4,
  report: report(100),
  exitCode: 0,
  why: null,
  ...more,
})
const impossible = ran('peers', { report: null, why: 'swupdate not found' })

describe('the lanes', () => {
  it.each([
    ['all ran', [ran('unit'), ran('e2e')], true, true],
    ['one failed', [ran('unit', { exitCode: 1, report: report(99, 1) }), ran('e2e')], false, false],
    ['one could not run, on a laptop', [ran('unit'), impossible], true, false],
    ['a build failed', [ran('unit'), ran('e2e', { report: null, exitCode: 1, why: 'the build failed' })], false, false],
    ['a lane broke off without a report', [ran('unit', { report: null, exitCode: 1 })], false, false],
    ['a lane ended badly although its tests passed', [ran('unit', { exitCode: 1 })], false, false],
  ])('%s', (_, results, onLaptop, underCi) => {
    expect({ onLaptop: passed(results, false), underCi: passed(results, true) }).toEqual({ onLaptop, underCi })
  })

  it('say at the end which ran, how it went, what was skipped and what could not run', () => {
    const text = summary(
      [ran('unit', { report: report(3, 0, ['a thing on another platform']) }), impossible],
      ['a remark'],
      false,
    )
    expect(text.split('\n')).toEqual([
      '',
      'Lanes',
      '  unit         ran: 3 passed, 1 skipped in 12 s',
      '  peers        could not run: swupdate not found',
      '  skipped in unit: a thing on another platform',
      '  note: a remark',
      'PASSED',
      '',
    ])
    expect(summary([impossible], [], true)).toContain('FAILED')
    expect(summary([ran('unit', { exitCode: 1, report: report(9, 2) })], [], false)).toContain(
      'FAILED: 9 passed, 2 failed',
    )
  })

  it('name what failed and what needed a second try, with what it said', () => {
    const one = (fullName: string, status: string) => ({
      fullName,
      status,
      failureMessages: ['Error: 2\n at x\n at y\n at z'],
    })
    const text = summary(
      [
        ran('unit', {
          exitCode: 1,
          report: {
            ...report(1, 1),
            testResults: [
              { name: 'x.test.ts', status: 'failed', assertionResults: [one('a', 'failed'), one('b', 'passed')] },
            ],
          },
        }),
      ],
      [],
      true,
    )
    expect(text.split('\n').slice(2)).toEqual([
      '  unit         FAILED: 1 passed, 1 failed in 12 s',
      '  passed at the second try in unit: b',
      '      Error: 2',
      '      at x',
      '      at y',
      '  failed in unit: a',
      '      Error: 2',
      '      at x',
      '      at y',
      'FAILED',
      '',
    ])
  })

  it('name a parser that crashed, hung or grew, with the input that did it', () => {
    const fuzz = asReport([
      { name: 'SMP packet', rounds: 5000, seconds: 60, failure: null },
      {
        name: 'CMS signature',
        rounds: 12,
        seconds: 1,
        failure: 'TypeError: no\nseed 7, round 12, input (base64): AAEC',
      },
    ])
    const text = summary([ran('fuzz', { report: fuzz, exitCode: 1 })], [], true)
    expect(text).toContain('FAILED: 1 passed, 1 failed')
    expect(text).toContain('CMS signature')
    expect(text).toContain('TypeError: no')
  })
})
