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
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
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
  const verdict = passed(results, underCi) ? 'PASSED' : 'FAILED'
  return ['', 'Lanes', ...lines, ...skipped, ...remarks.map((remark) => `  note: ${remark}`), verdict, ''].join('\n')
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

function skippedTests(report: VitestReport | null): string[] {
  const all = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  return all.filter(({ status }) => status === 'skipped' || status === 'pending').map(({ fullName }) => fullName.trim())
}
