import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ROOT } from '../launcher/build.ts'
import type { LaneResult, VitestReport } from './report.ts'

/** What `test/fuzz/main.ts` tells of each parser. */
const FuzzResults = z.array(
  z.object({ name: z.string(), rounds: z.int(), seconds: z.number(), failure: z.string().nullable() }),
)
type FuzzResults = z.infer<typeof FuzzResults>

/** Of each parser: a minute under CI, a moment elsewhere; `FUZZ_SECONDS` says otherwise. */
function secondsEach(env: NodeJS.ProcessEnv): number {
  return Number(env.FUZZ_SECONDS ?? (env.CI === 'true' ? 60 : 3))
}

/** A lane that runs beside the others. */
export interface Background {
  /** Waits for its end. */
  readonly result: () => Promise<LaneResult>
}

/**
 * Starts the fuzzing of every parser with the lowest priority: most lanes wait more than they compute, and whatever they
 * leave is enough for it. What it says comes at its end.
 */
export function startFuzz(seed: string | undefined = process.env.FUZZ_SEED): Background {
  const startedAt = performance.now()
  const folder = join(ROOT, 'test-results')
  const [file, log] = [join(folder, 'fuzz.json'), join(folder, 'fuzz.log')]
  mkdirSync(folder, { recursive: true })
  rmSync(file, { force: true })
  const fuzz = [process.execPath, join(ROOT, 'test', 'fuzz', 'main.ts'), '--out', file]
  fuzz.push('--seconds', String(secondsEach(process.env)), ...(seed === undefined ? [] : ['--seed', seed]))
  // Threads inherit it, also those that are there before the program's first line: so it is not set from within.
  const [program = '', ...args] = process.platform === 'win32' ? fuzz : ['nice', '-n', '19', ...fuzz]
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const out = createWriteStream(log)
  for (const stream of [child.stdout, child.stderr]) stream.pipe(out, { end: false })
  const stop = () => child.kill()
  process.once('exit', stop)
  const ended = once(child, 'close') as Promise<[number | null]>
  return {
    async result() {
      const [code] = await ended
      process.off('exit', stop)
      const seconds = (performance.now() - startedAt) / 1000
      const results = read(file)
      process.stdout.write(`\n=== fuzz\n${readFileSync(log, 'utf8')}`)
      return {
        lane: 'fuzz',
        seconds,
        report: results && asReport(results),
        exitCode: code ?? 1,
        why: 'it left no results',
      }
    },
  }
}

/** A parser is a test of its own in the summary. */
export function asReport(results: FuzzResults): VitestReport {
  const failed = results.filter(({ failure }) => failure !== null)
  return {
    numPassedTests: results.length - failed.length,
    numFailedTests: failed.length,
    numPendingTests: 0,
    testResults: [
      {
        name: 'test/fuzz/main.ts',
        status: failed.length > 0 ? 'failed' : 'passed',
        assertionResults: results.map(({ name, failure }) => ({
          fullName: name,
          status: failure === null ? 'passed' : 'failed',
          failureMessages: failure === null ? [] : [failure],
        })),
      },
    ],
  }
}

function read(file: string): FuzzResults | null {
  try {
    return FuzzResults.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
