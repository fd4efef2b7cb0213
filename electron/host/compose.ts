import { join } from 'node:path'
import { CONTRACT_VERSION, contract } from '../../shared/contract/index.ts'
import type { Access } from '../../shared/rpc/define.ts'
import { serve } from '../../shared/rpc/server.ts'
import type { Steps } from '../../shared/steps.ts'
import { VERSION } from '../../shared/version.ts'
import { AlertService } from './alerts/alert-service.ts'
import type { Ctx } from './api/context.ts'
import { handlersFor } from './api/handlers.ts'
import type { Services } from './api/services.ts'
import type { AuditService } from './audit/service.ts'
import { BoardService } from './board/board-service.ts'
import { PlanList } from './board/plan-list.ts'
import { planDetail } from './board/plans.ts'
import { tripCheck } from './board/trip.ts'
import { selfTest } from './crypto/self-test.ts'
import { spokenId } from './crypto/spoken-id.ts'
import type { Host, HostOptions } from './host.ts'
import { sleep } from './link/waiting.ts'
import { PeopleService } from './people/service.ts'
import type { RunPorts } from './run/ports.ts'
import { RunService } from './run/service.ts'
import { alertQueries } from './store/alerts.ts'
import { freeBytes } from './store/free-space.ts'
import { settingQueries } from './store/settings.ts'
import { ServerConnection } from './sync/server-connection.ts'
import { trustView } from './sync/trust-view.ts'
import { withPauses } from './sync/with-pauses.ts'
import { UndoList } from './undo-list.ts'
import { alertFacts, appState, type StateDeps } from './wiring/app-state.ts'
import { ArtifactInspector } from './wiring/artifact-inspector.ts'
import { artifactSource } from './wiring/artifact-source.ts'
import { type Base, openBase } from './wiring/base.ts'
import { anyOf, every } from './wiring/changes.ts'
import { ChosenSite, libraryOr } from './wiring/chosen-site.ts'
import { openDemo } from './wiring/demo.ts'
import { openDevices } from './wiring/devices.ts'
import { openAudit } from './wiring/log.ts'
import { OfferedFiles } from './wiring/offered-files.ts'
import { SettingsService } from './wiring/settings.ts'
import { openSync, openTrust } from './wiring/trust.ts'
import { writingLight } from './wiring/writing-light.ts'

/** Leases, windows and trust end by themselves: states that depend on the time are looked at this often, ms. */
const LOOK_EVERY_MS = 15_000
/** The first screen does not wait for the native code that finds devices to be read, ms. */
const LOOK_FOR_DEVICES_AFTER_MS = 200

/** Builds the engine of the console: the only place that wires services. Throws what keeps a service from opening. */
export async function compose(options: HostOptions): Promise<Host> {
  const undo = new UndoList()
  try {
    return await composed(options, undo)
  } catch (error) {
    await undo.undo().catch((second: unknown) => options.log.unexpected(second, 'undo of a failed start'))
    throw error
  }
}

async function composed(options: HostOptions, undo: UndoList): Promise<Host> {
  const { shell, log, mode, parts = {} } = options
  const prove = parts.selfTest ?? selfTest
  prove()
  const { keystore } = await shell.shell.info(null)
  const base = await openBase(options, undo)
  const { db, facts, clock, now, hostId, closing, console, power } = base

  const trust = await openTrust(base)
  const { library } = trust
  const connection: ServerConnection = new ServerConnection({
    dir: join(options.dataDir, 'server'),
    recorder: () => audit.recorder,
    env: process.env,
  })
  undo.add(() => connection.close())
  const audit: AuditService = await openAudit(options, base, library, connection, undo)
  const { recorder } = audit
  const started = { actor: 'console', action: 'console.started', subject: VERSION, detail: { mode, hostId } } as const
  await recorder.record(started, () => base.time.observe())

  const settings = new SettingsService(settingQueries(db), recorder)
  const site = new ChosenSite(facts, library)
  const people = new PeopleService({
    db,
    recorder,
    library,
    console,
    protector: base.protector,
    clock,
    now,
    idleMinutes: () => settings.read().signOutAfterMinutes,
    busy: () => runs.active() > 0,
    ...(parts.kdf && { kdf: parts.kdf }),
    onTrouble: (error) => log.unexpected(error, 'people'),
  })
  undo.add(() => people.close())
  const { sync, packs, sources, gate, artifacts, dictionaries } = openSync(
    options,
    base,
    trust,
    audit,
    site,
    settings,
    connection,
    undo,
  )
  const demo = mode === 'demo' ? await openDemo(options, base, undo) : null
  const { registry, places, doctor, search, traces } = openDevices(
    options,
    base,
    library,
    audit,
    people,
    site,
    demo?.openers ?? [],
    undo,
  )

  const ports: RunPorts = {
    db,
    recorder,
    devices: registry,
    library,
    artifacts: artifactSource(artifacts, closing.signal),
    people,
    clock,
    now,
    sleep,
    hostId,
    newRunId: spokenId,
    site: () => site.current(),
    power: () => power.current,
    log: (error, what) => log.unexpected(error, what),
  }
  const offered = new OfferedFiles(join(options.dataDir, 'offered'))
  await offered.clear()
  undo.add(() => offered.close())
  const runs = new RunService(ports)
  undo.add(() => runs.close())

  const deps: StateDeps = {
    mode,
    now,
    time: base.time,
    trust,
    gate,
    sync,
    site,
    people,
    devices: registry,
    runs,
    audit,
    dictionaries,
  }
  const alerts = new AlertService({ queries: alertQueries(db), recorder, now, facts: () => alertFacts(deps) })
  const ticking = every(LOOK_EVERY_MS)
  const planSources = anyOf({ onChange: (listener) => runs.onCommit(listener) }, registry, library, site, people, sync)
  const planDeps = {
    ports,
    site: () => site.current(),
    library: () => libraryOr(library),
    operator: () => {
      const session = people.session()
      return session && { id: session.operator, leaseUntil: session.leaseUntil }
    },
    gently: <T>(steps: Steps<T>) => withPauses(steps, closing.signal),
  }
  const siteChanges = anyOf(ticking, planSources)
  const board = new BoardService({ ...planDeps, runs: () => runs.list(), changes: siteChanges })
  undo.add(() => board.close())
  const planList = new PlanList(planDeps)

  const services: Services = {
    info: () => ({
      version: VERSION,
      mode,
      platform: process.platform,
      node: process.versions.node,
      dataDir: options.dataDir,
      console: { id: console.console, name: console.name, publicKey: console.publicKey },
      keystore,
    }),
    appState: {
      read: () => appState(deps, alerts),
      ...anyOf(ticking, library, sync, site, people, registry, runs, audit, alerts),
    },
    people,
    trust: { read: () => trustView(library, trust.store.pin(), base.time.now()), ...anyOf(ticking, library, sync) },
    sync,
    connection,
    packs,
    sources,
    inspector: new ArtifactInspector({ store: artifacts, library: () => libraryOr(library), offered }),
    sites: {
      list: () =>
        [...(libraryOr(library)?.sites.values() ?? [])].map(({ document: { id, title, devices } }) => ({
          id,
          title,
          devices: devices.length,
        })),
      choose: (id) => site.choose(id),
      board,
      trip: async (until) =>
        tripCheck({
          library: libraryOr(library),
          site: site.id,
          operator: planDeps.operator(),
          now: now(),
          until,
          wanted: sync.wantedFiles(),
          freeBytes: await freeBytes(options.dataDir),
        }),
      ...siteChanges,
    },
    devices: registry,
    search: {
      read: () => search.read(),
      networks: () => search.networks(),
      onChange: (listener) => search.onChange(listener),
      start: (network, by) =>
        search.start(network, () => recorder.record({ actor: by, action: 'device.searched', subject: network })),
      stop: () => search.stop(),
    },
    doctor: {
      examine: (address, signal) => doctor.examine(address, signal),
      writeRule: (address, by, signal) => {
        const entry = { actor: by, action: 'device.rule-written', subject: address } as const
        return doctor.writeRule(address, (rule) => recorder.record({ ...entry, detail: rule }), signal)
      },
    },
    traces,
    addresses: { add: (address, by) => places.add(address, by), remove: (address, by) => places.remove(address, by) },
    plans: {
      listed: planList,
      one: (id) => planDetail(planDeps, id),
      ...siteChanges,
    },
    runs,
    audit,
    uploadAudit: ({ again }) =>
      gate.run(async (signal) => {
        await audit.upload(signal, { again })
      }),
    alerts,
    settings,
    demo: demo && (await demo.guide({ trust, sync, gate, people, runs, audit })),
    closing: closing.signal,
  }

  const light = writingLight(shell, (error) => log.unexpected(error, 'tell the shell'))
  undo.add(runs.onCommit(() => light(runs.activeWrites().length > 0)))
  const look = () => {
    try {
      alerts.update()
    } catch (error) {
      // A full disk must not take the engine down with it; the next look tries again.
      log.unexpected(error, 'alerts')
    }
  }
  undo.add(anyOf(ticking, library, people, registry, audit, { onChange: (one) => runs.onCommit(one) }).onChange(look))

  runs.recover()
  const looking = setTimeout(() => registry.start(), LOOK_FOR_DEVICES_AFTER_MS)
  undo.add(() => clearTimeout(looking))
  look()
  return hostOf(options, services, base, runs, undo)
}

function hostOf(options: HostOptions, services: Services, base: Base, runs: RunService, undo: UndoList): Host {
  const handlers = handlersFor(services)
  const { people } = services
  const admit = (access: Access): Ctx => {
    // Whoever calls is not away; what a page watches by itself says nothing of that.
    if (access !== 'open') people.touch()
    if (access === 'lease') return people.requireLease()
    if (access === 'operator') return people.requireSession()
    const session = people.session()
    return session ? { operator: session.operator, roles: session.roles } : { operator: null, roles: [] }
  }
  let clients = 0
  return {
    serve: (wire, checkToken) => {
      clients += 1
      const { closed } = serve(wire, {
        contract,
        version: CONTRACT_VERSION,
        handlers,
        admit,
        onUnexpected: (error, method) => options.log.unexpected(error, method),
        ...(checkToken ? { checkToken } : {}),
      })
      void closed.finally(() => {
        clients -= 1
      })
    },
    load: () => ({ clients, runs: runs.active() }),
    close: async () => {
      base.closing.abort()
      await services.audit.recorder
        .record({ actor: 'console', action: 'console.stopped', subject: VERSION })
        .catch((error: unknown) => options.log.unexpected(error, 'last entry'))
      await undo.undo()
    },
  }
}
