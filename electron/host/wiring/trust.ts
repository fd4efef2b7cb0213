import { join } from 'node:path'
import { lintVerdict } from '../../../shared/conditions/lint.ts'
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
import { NetworkGate } from '../sync/network-gate.ts'
import { PackService } from '../sync/packs/pack-service.ts'
import { patientFetcher } from '../sync/patient-fetcher.ts'
import type { ServerConnection } from '../sync/server-connection.ts'
import { SyncService } from '../sync/sync-service.ts'
import { TrustStore } from '../sync/trust-store.ts'
import { withPauses } from '../sync/with-pauses.ts'
import { DEFAULT_LIMITS } from '../trust/limits.ts'
import type { UndoList } from '../undo-list.ts'
import type { Base } from './base.ts'
import type { ChosenSite } from './chosen-site.ts'

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
  readonly gate: NetworkGate
  readonly artifacts: ArtifactStore
}

export function openSync(
  { dataDir }: HostOptions,
  base: Base,
  { store, library }: Trust,
  audit: AuditService,
  site: ChosenSite,
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
  const fetcher = patientFetcher(http)
  const downloadVia = (from: Fetcher) => new ArtifactDownload({ store: artifacts, rows, fetcher: from, hash, now })
  const work: DeltaWork = {
    apply: (job, signal) => pool.run('delta-apply', job, { signal }),
    find: (job, signal) => pool.run('delta-find', job, { signal }),
    assemble: (job, signal) => pool.run('delta-assemble', job, { signal }),
  }
  const download = downloadVia(fetcher)
  const bringing = { download, fetcher, store: artifacts, rows, work, dictionaries: knowsDictionaries() }
  const gate = new NetworkGate(facts, recorder)
  undo.add(() => gate.stop())
  const sync = new SyncService({
    ...JUDGED,
    clock,
    time,
    trust: store,
    library,
    fetcher,
    recorder,
    gate,
    artifacts,
    rows,
    bringerOf: (urls) => new DeltaDownload({ ...bringing, urls, reader: new WaysReader(fetcher) }),
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
    downloadVia,
  })
  return { sync, packs, gate, artifacts }
}
