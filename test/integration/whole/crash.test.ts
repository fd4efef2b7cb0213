import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sim } from '../../../electron/sim/sim.ts'
import { isFinal, type RunView } from '../../../shared/model/run.ts'
import { bundled } from '../../fixtures/bundled.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import {
  CONSOLE_HOST,
  type ConsoleProcess,
  type Kill,
  startConsoleProcess,
} from '../../fixtures/whole/console-process.ts'
import {
  harbourDepot,
  machineOf,
  machineSim,
  PASSPHRASE,
  settleIn,
  type Transport,
  waitForMachine,
} from '../../fixtures/whole/harbour.ts'
import { first, until } from '../../fixtures/whole/watching.ts'

/** Runs that are killed side by side: most of their time is spent waiting for devices. */
const AT_ONCE = 4
/** Commits beyond those of an undisturbed run: polls of the device commit too, now and then. */
const BEYOND = 2

/** It is started some two hundred times. */
let program: Awaited<ReturnType<typeof bundled>>
beforeAll(async () => {
  program = await bundled(CONSOLE_HOST)
})
afterAll(() => program.remove())

const start = (dir: string) => startConsoleProcess(dir, { program: program.path })

interface Template {
  readonly dir: string
  readonly operator: string
  readonly plan: string
}

/**
 * The host is killed by SIGKILL just before and just after every commit of a run in turn. After the restart each run ends with the truth about
 * the device, and the log has lost nothing and says nothing twice.
 */
test.for<Transport>(['smp-serial', 'smp-udp', 'swupdate'])(
  '%s: killed at every commit, a run ends with the truth',
  { timeout: 600_000 },
  async (transport) => {
    const template = await settledConsole(transport)
    const undisturbed = await untilDeath(transport, template, null)
    expect(undisturbed).toMatchObject({ died: false, outcome: 'succeeded' })
    const kills = Array.from({ length: undisturbed.commits + BEYOND }, (_, index) => index + 1).flatMap(
      (at): Kill[] => [
        // The act is done and its outcome is not on disk; and: the outcome is on disk and nothing after it was done.
        { at, when: 'before' },
        { at, when: 'after' },
      ],
    )
    const seen: Fate[] = []
    await pooled(kills, async (kill) => {
      seen.push(await untilDeath(transport, template, kill))
    })
    const died = seen.filter((fate) => fate.died)
    const phases = [...new Set(died.map(({ phase }) => phase))].toSorted()
    const outcomes = Object.groupBy(died, ({ outcome }) => outcome)
    console.log(
      `${transport}: ${died.length} kills over ${undisturbed.commits} commits, in ${phases.join(', ')};`,
      Object.entries(outcomes)
        .map(([outcome, fates]) => `${fates?.length} ${outcome}`)
        .join(', '),
    )
    expect(died.length).toBeGreaterThanOrEqual(2 * (undisturbed.commits - BEYOND))
    const needed =
      transport === 'swupdate'
        ? ['checking', 'writing', 'verifying']
        : ['checking', 'writing', 'restarting', 'verifying', 'confirming']
    expect(phases).toEqual(expect.arrayContaining(needed))
  },
)

async function settledConsole(transport: Transport): Promise<Template> {
  const dir = join(tempDir(), 'console')
  const harbour = await harbourDepot({ [transport]: null })
  const host = await start(dir)
  const operator = await settleIn(host.client, harbour)
  await host.close()
  return { dir, operator, plan: harbour.plans[transport] }
}

interface Fate {
  readonly died: boolean
  /** Where the run was when its host died. */
  readonly phase: string
  readonly outcome: string
  readonly commits: number
}

/** One run on a fresh machine with a copy of the console, killed at commit `kill`, and what became of it. */
async function untilDeath(transport: Transport, template: Template, kill: Kill | null): Promise<Fate> {
  const machine = machineOf(transport)
  const sim = await machineSim(transport, tempDir())
  const dir = join(tempDir(), 'console')
  await cp(template.dir, dir, { recursive: true })
  const host = await start(dir)
  await host.client.people.signIn({ operator: template.operator, passphrase: PASSPHRASE })
  await host.client.devices.addAddress({ address: sim.address })
  await waitForMachine(host.client, machine.key)
  await host.count(kill)
  // The answer to `start` dies with the host when it is killed in the middle of it.
  const started = host.client.runs.start({ plan: template.plan, device: machine.key }).catch(() => null)
  const over = await Promise.race([host.ended.then(() => 'dead' as const), ended(host, started)])
  if (over !== 'dead') {
    const commits = await settledCommits(host)
    await host.close()
    await sim.close()
    return { died: false, phase: over, outcome: over, commits }
  }
  const phase = phaseOnDisk(dir)
  const again = await start(dir)
  const outcome = await truth(again, sim, machine)
  await logIsWhole(again)
  await again.close()
  await sim.close()
  return { died: true, phase, outcome, commits: kill?.at ?? 0 }
}

async function ended({ client }: ConsoleProcess, started: Promise<{ run: string } | null>): Promise<string> {
  const run = await started
  if (!run) return await new Promise<never>(() => {})
  const view = await until(client.runs.one, run, ({ phase }) => isFinal(phase), 60_000).catch(() => null)
  return view ? view.phase : await new Promise<never>(() => {})
}

async function settledCommits(host: ConsoleProcess): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 500))
  return host.commits()
}

/** Where the journal says that the run is, as the dead host left it. */
function phaseOnDisk(dir: string): string {
  const sqlite = new Database(join(dir, 'slipway.db'), { readonly: true })
  const row = sqlite.prepare('SELECT phase FROM run').get() as { phase: string } | undefined
  sqlite.close()
  return row?.phase ?? 'not recorded'
}

/** What the run says must be what the device is. */
async function truth({ client }: ConsoleProcess, sim: Sim, machine: ReturnType<typeof machineOf>): Promise<string> {
  const [summary] = await first(client.runs.list, null)
  if (!summary) {
    expect(sim.state()).toMatchObject({ version: machine.from, trial: false })
    return 'never begun'
  }
  const settled = ({ phase }: RunView) => isFinal(phase) || phase === 'attention'
  const view = await until(client.runs.one, { run: summary.id }, settled, 60_000)
  const { version, trial } = sim.state()
  if (view.phase === 'succeeded') {
    expect({ version, trial }).toEqual({ version: machine.to, trial: false })
    expect(view.result).toMatchObject({ device: 'runs-new', readBack: { [machine.component]: machine.to } })
  } else if (view.phase === 'attention') {
    expect(view.question).not.toBeNull()
  } else {
    expect(['rolled-back', 'failed', 'cancelled', 'unknown']).toContain(view.phase)
    const device = view.result?.device
    if (device === 'runs-old') expect(version).toBe(machine.from)
    if (device === 'runs-new') expect(version).toBe(machine.to)
    expect(view.reason ?? view.result?.reason).not.toBeNull()
  }
  return view.phase
}

/** The chain verifies; every act has one intent and one end; the run began once and ended once. */
async function logIsWhole({ client }: ConsoleProcess): Promise<void> {
  expect(await client.audit.verify(null)).toMatchObject({ ok: true, reason: null })
  const rows = (await client.audit.list({ limit: 500 })).toReversed()
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => (rows[0]?.seq ?? 0) + index))
  expect(new Set(rows.map(({ epoch }) => epoch)).size).toBe(1)
  const [run] = await first(client.runs.list, null)
  const about = rows.filter(({ subject, action }) => subject === run?.id && action.startsWith('run.'))
  const count = (action: string) => about.filter((row) => row.action === action).length
  expect(count('run.started')).toBe(run ? 1 : 0)
  expect(count('run.ended')).toBe(run && isFinal(run.phase) ? 1 : 0)
  let open = 0
  for (const { action } of about) {
    if (action === 'run.intent') open += 1
    // An act that a crash cut short has no outcome: recovery looked at the device instead.
    if (action === 'run.outcome' || action === 'run.recovered') open = Math.max(0, open - 1)
    expect(open).toBeLessThanOrEqual(1)
  }
  const { run: view, timeline } = await client.runs
    .report({ run: run?.id ?? '' })
    .catch(() => ({ run: null, timeline: [] }))
  // Journal and log are written together: they tell the same story.
  if (view)
    expect(about.filter(({ action }) => action === 'run.intent').length).toBe(
      timeline.filter(({ what }) => what.startsWith('intent')).length,
    )
}

async function pooled<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}
