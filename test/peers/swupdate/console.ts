import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, type TestContext } from 'vitest'
import { storeArtifact } from '../../../electron/depot/artifact-intake.ts'
import { Depot } from '../../../electron/depot/depot.ts'
import { openEntries } from '../../../electron/depot/intake/inspect.ts'
import { ageOpener, readAgeIdentities } from '../../../electron/host/crypto/age-seal.ts'
import { SIM_PROFILES } from '../../../electron/sim/profiles.ts'
import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { ArtifactCustom } from '../../../shared/model/artifact.ts'
import type { PlanInput } from '../../../shared/model/plan.ts'
import type { ProfileInput } from '../../../shared/model/profile.ts'
import { isFinal, type RunView } from '../../../shared/model/run.ts'
import type { Client } from '../../../shared/rpc/define.ts'
import { tempDir } from '../../fixtures/temp-dir.ts'
import { startConsoleProcess } from '../../fixtures/whole/console-process.ts'
import { machineOf, planFor, settleIn, waitForMachine } from '../../fixtures/whole/harbour.ts'
import { until } from '../../fixtures/whole/watching.ts'
import { type DaemonOptions, type SwupdateDaemon, startSwupdate } from './daemon.ts'
import { needsSwupdate } from './needs-swupdate.ts'

export interface OpenedLine {
  readonly actor: string
  readonly action: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** The whole console by its contract, and the real SWUpdate daemon as one of its winches. */
export interface Bench {
  readonly client: Client<SlipwayContract>
  readonly daemon: SwupdateDaemon
  readonly key: string
  readonly plan: string
  start(): Promise<string>
  /** Follows a run to its end, saying yes to every attestation. */
  end(run: string, withinMs?: number): Promise<RunView>
  /** What the publisher reads of a run in the log that the console uploaded, opened with their key. */
  audited(run: string): Promise<OpenedLine[]>
}

export interface BenchOptions {
  readonly daemon?: DaemonOptions
  readonly plan?: Partial<PlanInput>
  readonly profile?: (profile: ProfileInput, daemon: SwupdateDaemon) => ProfileInput
  readonly custom?: Partial<ArtifactCustom>
  /** False: the console is not expected to find it. */
  readonly appears?: boolean
  /** Where the console reaches the daemon, when not directly. */
  readonly address?: (daemon: SwupdateDaemon) => Promise<string>
}

export const MACHINE = machineOf('swupdate')
export const PLAN_ID = `${MACHINE.type}-${MACHINE.to}`

/** Publishes a package for a daemon, and brings a console so far that it sees both. */
export async function swupdateBench(
  context: TestContext,
  make: (daemon: SwupdateDaemon) => Promise<Uint8Array>,
  options: BenchOptions = {},
): Promise<Bench> {
  needsSwupdate(context)
  const daemon = await startSwupdate({ version: MACHINE.from, serial: MACHINE.serial, ...options.daemon })
  onTestFinished(() => daemon.close())
  const address = (await options.address?.(daemon)) ?? daemon.address
  const harbour = await publish(daemon, await make(daemon), address, options)
  const { client } = await startConsoleProcess(tempDir())
  await settleIn(client, harbour)
  if (daemon.account) await client.people.storeCredential({ address, ...daemon.account })
  if (options.appears ?? true) await waitForMachine(client, MACHINE.key)
  return {
    client,
    daemon,
    key: MACHINE.key,
    plan: PLAN_ID,
    start: async () => (await client.runs.start({ plan: PLAN_ID, device: MACHINE.key })).run,
    end: (run, withinMs = 60_000) => followed(client, run, withinMs),
    audited: async (run) => {
      await client.sync.setOffline({ offline: false })
      await client.sync.start({})
      return await opened(harbour.depot, run)
    },
  }
}

/** Asked what it asks, until it is over. */
async function followed(client: Client<SlipwayContract>, run: string, withinMs: number): Promise<RunView> {
  for (;;) {
    const view = await until(
      client.runs.one,
      { run },
      ({ phase, question }) => isFinal(phase) || question !== null,
      withinMs,
    )
    const { question } = view
    if (isFinal(view.phase) || question?.kind !== 'attest') return view
    await client.runs.answer({ run, question: question.id, choice: 'attest', note: 'Looked at it from the bridge.' })
    await until(client.runs.one, { run }, ({ question: next }) => next?.id !== question.id)
  }
}

async function opened(depot: Depot, run: string): Promise<OpenedLine[]> {
  const { intake } = await depot.audit()
  const identity = readAgeIdentities(readFileSync(join(depot.layout.keys, 'audit-detail.age-identity'), 'utf8'))
  const lines: OpenedLine[] = []
  const files = intake.ledger.consoles().flatMap((console) => intake.ledger.list(console))
  await openEntries(intake, files, ageOpener(identity), {}, ({ actor, action, subject, detail }) => {
    if (subject === run) lines.push({ actor, action, detail: (detail ?? {}) as OpenedLine['detail'] })
  })
  return lines
}

async function publish(daemon: SwupdateDaemon, bytes: Uint8Array, address: string, options: BenchOptions) {
  const depot = await Depot.create(join(tempDir(), 'depot'), { clock: { now: () => Date.now() }, name: 'Harbour' })
  const { type, serial, to, target } = MACHINE
  const component = options.custom?.component ?? MACHINE.component
  const profile = options.profile ?? ((one: ProfileInput) => one)
  await depot.addProfile(profile(SIM_PROFILES[type], daemon))
  const path = `artifacts/${target}`
  const slipway: ArtifactCustom = {
    kind: 'swu',
    component,
    version: to,
    deviceTypes: [type],
    hardware: [],
    ...options.custom,
  }
  // Past the publisher's own look into the file: what is tested is who stops a bad one after that.
  await depot.content.setArtifact(path, { ...(await storeArtifact(depot.layout, path, bytes)), slipway })
  await depot.addPlan(planFor('swupdate', options.plan))
  await depot.addSite({
    format: 'slipway.site/1',
    id: 'harbour',
    title: 'Harbour',
    zone: 'Europe/Oslo',
    devices: [{ name: 'Winch 2', type, serial, wanted: { [component]: to }, addresses: [address] }],
  })
  await depot.publish()
  const serving = await depot.serve({ port: 0, refreshEveryMs: null })
  onTestFinished(() => serving.close())
  return { depot, url: serving.url, fingerprint: (await depot.fingerprint()).fingerprint }
}
