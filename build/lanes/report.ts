import { z } from 'zod'

/** As much of vitest's JSON report as the summary tells. */
export const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
})
export type VitestReport = z.infer<typeof VitestReport>

/** How one lane went. */
export interface LaneResult {
  readonly lane: string
  readonly seconds: number
  /** Null: it could not be run, `why` says what was missing. */
  readonly report: VitestReport | null
  readonly exitCode: number
  readonly why: string | null
}

/** Whether the whole may be called passed. Under CI a lane that could not run is a failure. */
export function passed(results: readonly LaneResult[], underCi: boolean): boolean {
  return results.every(({ report, exitCode }) => (report ? exitCode === 0 : exitCode === 0 && !underCi))
}

/** The last lines of `npm test`: which lanes ran, how it went, what could not run and why. */
export function summary(results: readonly LaneResult[], remarks: readonly string[], underCi: boolean): string {
  const lines = results.map((result) => `  ${result.lane.padEnd(12)} ${lineOf(result)}`)
  const skipped = results.flatMap(({ lane, report }) =>
    skippedTests(report).map((name) => `  skipped in ${lane}: ${name}`),
  )
  const failed = results.flatMap(({ lane, report }) => told(`failed in ${lane}`, failedTests(report)))
  const retried = results.flatMap(({ lane, report }) =>
    told(`passed at the second try in ${lane}`, retriedTests(report)),
  )
  const verdict = passed(results, underCi) ? 'PASSED' : 'FAILED'
  const notes = remarks.map((remark) => `  note: ${remark}`)
  return ['', 'Lanes', ...lines, ...skipped, ...retried, ...notes, ...failed, verdict, ''].join('\n')
}

function lineOf({ report, exitCode, why, seconds }: LaneResult): string {
  if (!report) return `could not run: ${why ?? 'no report'}`
  const { numPassedTests, numFailedTests, numPendingTests } = report
  const counts = [
    `${numPassedTests} passed`,
    ...(numFailedTests > 0 ? [`${numFailedTests} failed`] : []),
    ...(numPendingTests > 0 ? [`${numPendingTests} skipped`] : []),
  ].join(', ')
  const state = exitCode === 0 ? 'ran' : 'FAILED'
  return `${state}: ${counts} in ${seconds.toFixed(0)} s`
}

type Assertion = VitestReport['testResults'][number]['assertionResults'][number]

const assertions = (report: VitestReport | null): Assertion[] =>
  report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []

function skippedTests(report: VitestReport | null): string[] {
  return assertions(report)
    .filter(({ status }) => status === 'skipped' || status === 'pending')
    .map(({ fullName }) => fullName.trim())
}

const failedTests = (report: VitestReport | null) => assertions(report).filter(({ status }) => status === 'failed')

/** Vitest keeps what an earlier try said, also of a test that passed in the end. */
const retriedTests = (report: VitestReport | null) =>
  assertions(report).filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)

/** The name of each test, and the first lines of what it said: enough to look for it when the log is long or cut. */
const told = (title: string, tests: readonly Assertion[]): string[] =>
  tests.flatMap(({ fullName, failureMessages }) => [
    `  ${title}: ${fullName.trim()}`,
    ...(failureMessages[0] ?? '').split('\n', 3).map((line) => `      ${line.trim().slice(0, 200)}`),
  ])
