import type { z } from 'zod'
import type { AppInfo, AppState } from '../../../shared/contract/app.ts'
import type { artifacts, Inspection } from '../../../shared/contract/artifacts.ts'
import type { DemoState, SimFault } from '../../../shared/contract/demo.ts'
import type { AccessRule } from '../../../shared/contract/doctor.ts'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import type { SearchableNetwork, SearchState } from '../../../shared/contract/search.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import type { TripView } from '../../../shared/contract/site.ts'
import type { TrustView } from '../../../shared/contract/trust.ts'
import type { AlertService } from '../alerts/alert-service.ts'
import type { AuditService } from '../audit/service.ts'
import type { BoardService } from '../board/board-service.ts'
import type { PlanList } from '../board/plan-list.ts'
import type { Doctor } from '../device/doctor/doctor.ts'
import type { DeviceRegistry } from '../device/registry/registry.ts'
import type { TraceService } from '../device/traces/trace-service.ts'
import type { PeopleService } from '../people/service.ts'
import type { RunService } from '../run/service.ts'
import type { PackService } from '../sync/packs/pack-service.ts'
import type { ServerConnection } from '../sync/server-connection.ts'
import type { SourceService } from '../sync/sources/source-service.ts'
import type { SyncService } from '../sync/sync-service.ts'

/** Says when another look is worth it. */
export interface Changing {
  onChange(listener: () => void): () => void
}

/** A stretch of a file that a page holds. */
export type OfferedPart = z.output<(typeof artifacts)['part']['input']>

/** Everything that the contract's methods are answered with. Wired by `compose.ts`. */
export interface Services {
  readonly info: () => AppInfo
  readonly appState: Changing & { read(): AppState }
  readonly people: PeopleService
  readonly trust: Changing & { read(): TrustView }
  readonly sync: SyncService
  readonly connection: ServerConnection
  readonly packs: PackService
  readonly sources: SourceService
  readonly inspector: {
    target(path: string, signal: AbortSignal): Promise<Inspection>
    file(path: string, signal: AbortSignal): Promise<Inspection>
    stored(sha256: string, name: string, signal: AbortSignal): Promise<Inspection>
    part(part: OfferedPart, signal: AbortSignal): Promise<{ received: number; inspection: Inspection | null }>
  }
  readonly sites: Changing & {
    list(): { id: string; title: string; devices: number }[]
    choose(id: string): void
    readonly board: BoardService
    trip(until: number): Promise<TripView>
  }
  readonly devices: DeviceRegistry
  readonly search: Changing & {
    read(): SearchState
    networks(): SearchableNetwork[]
    start(network: string, by: string): Promise<void>
    stop(): void
  }
  readonly doctor: Pick<Doctor, 'examine'> & {
    writeRule(address: string, by: string, signal: AbortSignal): Promise<AccessRule>
  }
  readonly traces: TraceService
  readonly addresses: {
    add(address: string, by: string): Promise<void>
    remove(address: string, by: string): Promise<void>
  }
  readonly plans: Changing & { readonly listed: PlanList; one(id: string): Promise<PlanDetail> }
  readonly runs: RunService
  readonly audit: AuditService
  /** Uploads within the one conversation with the server that is allowed at a time. */
  readonly uploadAudit: (options: { readonly again: boolean }) => Promise<void>
  readonly alerts: AlertService
  readonly settings: Changing & { read(): Settings; write(change: Partial<Settings>, by: string): Promise<Settings> }
  /** Null outside of demo mode. */
  readonly demo: DemoService | null
  /** Fires when the host closes. */
  readonly closing: AbortSignal
}

export interface DemoService extends Changing {
  read(): DemoState
  approve(): Promise<void>
  setFault(device: string, fault: SimFault): Promise<void>
}
