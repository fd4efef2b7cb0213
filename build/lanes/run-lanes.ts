import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
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
  MENDER_DEVICES,
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

/**
 * Fast ones first: a broken idea should fail within a minute. Those that stand together run side by side: both mostly
 * wait, for devices at the speed of a serial line and for real clocks.
 */
const LANES: readonly (readonly Lane[])[] = [
  [{ name: 'unit', needs: [] }],
  [
    { name: 'integration', needs: [BUILD, SOCAT] },
    {
      name: 'peers',
      needs: [BUILD, PEERS, BOOT_LOADER, ARTIFACT_TOOLS, USB_GUEST, SMP_PEERS, SSH_DEVICES, MENDER_DEVICES],
    },
  ],
  [{ name: 'e2e', needs: [BUILD, BROWSER, SOCAT] }],
]

/** Runs beside the others, and is waited for at the end. */
const FUZZ = 'fuzz'

/** Runs the lanes in order and says at the end how each went. Gives the exit code. */
export async function runLanes(args: readonly string[]): Promise<number> {
  const names = [...LANES.flat().map(({ name }) => name), FUZZ]
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
  for (const group of LANES) {
    results.push(
      ...(await runGroup(
        group.filter(({ name }) => wanted.includes(name)),
        positionals,
      )),
    )
  }
  if (fuzz) results.push(await fuzz.result())
  const underCi = process.env.CI === 'true'
  const remarks = findElectron() ? [] : ['no Electron runtime on this machine, so its smoke test did not run']
  process.stdout.write(summary(results, remarks, underCi))
  return passed(results, underCi) ? 0 : 1
}

/** The first tells as it goes; what the others say comes when they have ended. */
async function runGroup(lanes: readonly Lane[], filters: readonly string[]): Promise<LaneResult[]> {
  const ready: { readonly lane: Lane; readonly missing: LaneResult | null }[] = []
  // One after the other: the system's installer is for one at a time.
  for (const lane of lanes) ready.push({ lane, missing: await missingFor(lane) })
  const results = ready.map(async ({ lane, missing }, index) => missing ?? runLane(lane.name, filters, index > 0))
  return Promise.all(results)
}

async function missingFor({ name, needs }: Lane): Promise<LaneResult | null> {
  for (const need of needs) {
    const why = await meet(need)
    // A build that fails is a failure anywhere, and not a matter of the machine.
    if (why !== null) return { lane: name, seconds: 0, report: null, exitCode: need === BUILD ? 1 : 0, why }
  }
  return null
}

async function runLane(name: string, filters: readonly string[], aside: boolean): Promise<LaneResult> {
  const startedAt = performance.now()
  const folder = join(ROOT, 'test-results')
  const [file, log] = [join(folder, `${name}.json`), join(folder, `${name}.log`)]
  mkdirSync(folder, { recursive: true })
  rmSync(file, { force: true })
  if (!aside) process.stdout.write(`\n=== ${name}\n`)
  const output = aside ? openSync(log, 'w') : 'inherit'
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
    { cwd: ROOT, stdio: [aside ? 'ignore' : 'inherit', output, output] },
  )
  const [code] = (await once(vitest, 'exit')) as [number | null]
  const seconds = (performance.now() - startedAt) / 1000
  if (typeof output === 'number') {
    closeSync(output)
    process.stdout.write(`\n=== ${name}\n${readFileSync(log, 'utf8')}`)
  }
  return { lane: name, seconds, report: readReport(file), exitCode: code ?? 1, why: 'vitest left no report' }
}

function readReport(file: string): VitestReport | null {
  try {
    return VitestReport.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
