import { join } from 'node:path'
import type { Clock } from '../../../shared/clock.ts'
import { lintVerdict } from '../../../shared/conditions/lint.ts'
import { type LocalClock, localClock } from '../../../shared/day-window.ts'
import { isAppError } from '../../../shared/errors.ts'
import { VERSION } from '../../../shared/version.ts'
import type { AuditService } from '../audit/service.ts'
import type { DeltaWork } from '../delta/delta-work.ts'
import { knowsDictionaries } from '../delta/zstd.ts'
import type { HostOptions } from '../host.ts'
import { artifactQueries } from '../store/artifacts.ts'
import { trustQueries } from '../store/trust.ts'
import { ArtifactDownload } from '../sync/artifact-download.ts'
import { ArtifactStore } from '../sync/artifact-store.ts'
import { DeltaDownload } from '../sync/delta-download.ts'
import { WaysReader } from '../sync/delta-ways.ts'
import type { Fetcher } from '../sync/fetcher.ts'
import { HttpFetcher } from '../sync/http-fetcher.ts'
import { TrustLibrary } from '../sync/library-source.ts'
import { LinkWatch } from '../sync/limits/link-watch.ts'
import { SyncMeter } from '../sync/limits/meter.ts'
import { meteredFetcher } from '../sync/limits/metered-fetcher.ts'
import { probeNetwork } from '../sync/limits/network-manager.ts'
import { SeenRates } from '../sync/limits/seen-rates.ts'
import { SyncLimits } from '../sync/limits/sync-limits.ts'
import { SyncWishes } from '../sync/limits/sync-wishes.ts'
import { NetworkGate } from '../sync/network-gate.ts'
import { PackService } from '../sync/packs/pack-service.ts'
import { patientFetcher } from '../sync/patient-fetcher.ts'
import type { ServerConnection } from '../sync/server-connection.ts'
import { orFromSource } from '../sync/sources/source-bringer.ts'
import { SourceService } from '../sync/sources/source-service.ts'
import { SyncService } from '../sync/sync-service.ts'
import { TrustStore } from '../sync/trust-store.ts'
import { withPauses } from '../sync/with-pauses.ts'
import { DEFAULT_LIMITS } from '../trust/limits.ts'
import type { UndoList } from '../undo-list.ts'
import type { Base } from './base.ts'
import { every } from './changes.ts'
import { type ChosenSite, libraryOr } from './chosen-site.ts'
import type { SettingsService } from './settings.ts'

/** How plans and metadata are judged, here and at each use. */
const JUDGED = { limits: DEFAULT_LIMITS, lint: lintVerdict }

export interface Trust {
  readonly store: TrustStore
  readonly library: TrustLibrary
}

/** Proves what is stored once more, from the pinned root. Damage is kept as a fault, not thrown. */
export async function openTrust({ db, facts, closing }: Base): Promise<Trust> {
  const store = new TrustStore(trustQueries(db), facts)
  const library = new TrustLibrary(store, JUDGED)
  await withPauses(library.openSteps(), closing.signal)
  return { store, library }
}

export interface Syncing {
  readonly sync: SyncService
  readonly packs: PackService
  readonly sources: SourceService
  readonly gate: NetworkGate
  readonly artifacts: ArtifactStore
  /** Without them changes to an older file cannot be opened, and files come whole. */
  readonly dictionaries: boolean
}

export function openSync(
  { dataDir, log, parts }: HostOptions,
  base: Base,
  { store, library }: Trust,
  audit: AuditService,
  site: ChosenSite,
  settings: SettingsService,
  connection: ServerConnection,
  undo: UndoList,
): Syncing {
  const { db, facts, clock, time, pool, now } = base
  const { recorder } = audit
  const rows = artifactQueries(db)
  const hash = (path: string, signal: AbortSignal) => pool.run('hash-blocks', { path }, { signal })
  const artifacts = new ArtifactStore({ dir: join(dataDir, 'artifacts'), rows, hash })
  const http = new HttpFetcher({ userAgent: `slipway/${VERSION}`, agent: (url) => connection.agent(url) })
  undo.add(() => http.close())
  const meter = new SyncMeter(() => clock.monotonic())
  const fetcher = meteredFetcher(patientFetcher(http), meter)
  const work: DeltaWork = {
    apply: (job, signal) => pool.run('delta-apply', job, { signal }),
    find: (job, signal) => pool.run('delta-find', job, { signal }),
    assemble: (job, signal) => pool.run('delta-assemble', job, { signal }),
  }
  const dictionaries = (parts?.knowsDictionaries ?? knowsDictionaries)()
  const bringingVia = (from: Fetcher) => {
    const download = new ArtifactDownload({ store: artifacts, rows, fetcher: from, hash, now })
    return { download, fetcher: from, store: artifacts, rows, work, dictionaries }
  }
  const bringing = bringingVia(fetcher)
  const { download } = bringing
  const gate = new NetworkGate(facts, recorder)
  undo.add(() => gate.stop())
  const link = new LinkWatch({ facts, recorder, probe: probeNetwork })
  const rules = new SyncLimits({ clock, time, link, settings: () => settings.read(), local: localHours() })
  const sources = new SourceService({
    dir: join(dataDir, 'sources'),
    facts,
    recorder,
    fetcher,
    gate,
    limits: JUDGED.limits,
    time,
    now,
    download,
    store: artifacts,
    rows,
    library: () => libraryOr(library),
    own: () => store.pin()?.fingerprint ?? null,
  })
  const sync = new SyncService({
    ...JUDGED,
    clock,
    time,
    trust: store,
    library,
    fetcher,
    recorder,
    gate,
    rules,
    link,
    meter,
    wishes: new SyncWishes(facts, recorder),
    rates: new SeenRates(facts),
    artifacts,
    rows,
    bringerOf: (urls) =>
      orFromSource(new DeltaDownload({ ...bringing, urls, reader: new WaysReader(fetcher) }), sources, download),
    chosenSite: () => site.id,
    upload: async (signal) => {
      await audit.upload(signal)
    },
  })
  const packs = new PackService({
    sync,
    gate,
    trust: store,
    library,
    artifacts,
    recorder,
    logs: audit.carried,
    limits: JUDGED.limits,
    now,
    chosenSite: () => site.id,
    bringingVia,
    fetcher,
  })
  undo.add(settings.onChange(() => sync.look()))
  undo.add(every(GO_ON_MS).onChange(goingOn(sync, clock, log)))
  return { sync, packs, sources, gate, artifacts, dictionaries }
}

/** How often is looked whether what waits may go on, ms. */
const GO_ON_MS = 30_000
/** After a try that failed: a server that is away is not asked twice a minute through the night, ms. */
const AFTER_FAILURE_MS = 10 * 60_000

function goingOn(sync: SyncService, clock: Clock, log: HostOptions['log']): () => void {
  let notBefore = Number.NEGATIVE_INFINITY
  return () => {
    if (clock.monotonic() < notBefore) return
    sync.goOn().catch((error: unknown) => {
      notBefore = clock.monotonic() + AFTER_FAILURE_MS
      // The screen says so already, and `sync.busy` is nobody's fault.
      if (!isAppError(error)) log.unexpected(error, 'go on with a sync')
    })
  }
}

/** The clocks on the wall where this laptop is; a zone that nobody knows is taken for Greenwich. */
function localHours(): LocalClock {
  return localClock(undefined) ?? ((at) => Math.floor(at / 60_000) % (24 * 60))
}
