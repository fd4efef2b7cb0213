import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../launcher/build.ts'
import { findElectron } from '../launcher/electron-runtime.ts'
import { startFuzz } from './fuzz.ts'
import {
  ARTIFACT_TOOLS,
  BOOT_LOADER,
  BROWSER,
  BUILD,
  meet,
  type Need,
  PEERS,
  SMP_PEERS,
  SOCAT,
  SSH_DEVICES,
  USB_GUEST,
} from './needs.ts'
import { type LaneResult, passed, summary, VitestReport } from './report.ts'

interface Lane {
  /** Also the vitest project. */
  readonly name: string
  readonly needs: readonly Need[]
}

/** Fast ones first: a broken idea should fail within a minute. */
const LANES: readonly Lane[] = [
  { name: 'unit', needs: [] },
  { name: 'integration', needs: [BUILD, SOCAT] },
  { name: 'e2e', needs: [BUILD, BROWSER, SOCAT] },
  { name: 'peers', needs: [BUILD, PEERS, BOOT_LOADER, ARTIFACT_TOOLS, USB_GUEST, SMP_PEERS, SSH_DEVICES] },
]

/** Runs beside the others, and is waited for at the end. */
const FUZZ = 'fuzz'

/** Runs the lanes in order and says at the end how each went. Gives the exit code. */
export async function runLanes(args: readonly string[]): Promise<number> {
  const names = [...LANES.map(({ name }) => name), FUZZ]
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { lane: { type: 'string', multiple: true } },
    allowPositionals: true,
  })
  // Whoever asks for some tests by name does not wait for the fuzzer.
  const wanted = values.lane ?? (positionals.length > 0 ? names.filter((name) => name !== FUZZ) : names)
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    process.stderr.write(`There is no lane ${unknown.join(', ')}; there are ${names.join(', ')}.\n`)
    return 2
  }
  const fuzz = wanted.includes(FUZZ) ? startFuzz() : null
  const results: LaneResult[] = []
  for (const lane of LANES.filter(({ name }) => wanted.includes(name))) {
    results.push(await runLane(lane, positionals))
  }
  if (fuzz) results.push(await fuzz.result())
  const underCi = process.env.CI === 'true'
  const remarks = findElectron() ? [] : ['no Electron runtime on this machine, so its smoke test did not run']
  process.stdout.write(summary(results, remarks, underCi))
  return passed(results, underCi) ? 0 : 1
}

async function runLane({ name, needs }: Lane, filters: readonly string[]): Promise<LaneResult> {
  process.stdout.write(`\n=== ${name}\n`)
  const startedAt = performance.now()
  for (const need of needs) {
    const why = await meet(need)
    // A build that fails is a failure anywhere, and not a matter of the machine.
    if (why !== null) return { lane: name, seconds: 0, report: null, exitCode: need === BUILD ? 1 : 0, why }
  }
  const file = join(ROOT, 'test-results', `${name}.json`)
  mkdirSync(join(ROOT, 'test-results'), { recursive: true })
  rmSync(file, { force: true })
  const vitest = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--config',
      join(ROOT, 'build', 'vitest.config.ts'),
      '--project',
      name,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      '--passWithNoTests',
      ...filters,
    ],
    { cwd: ROOT, stdio: 'inherit' },
  )
  const [code] = (await once(vitest, 'exit')) as [number | null]
  const seconds = (performance.now() - startedAt) / 1000
  return { lane: name, seconds, report: readReport(file), exitCode: code ?? 1, why: 'vitest left no report' }
}

function readReport(file: string): VitestReport | null {
  try {
    return VitestReport.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
