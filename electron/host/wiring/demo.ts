import { join } from 'node:path'
import type { DemoService } from '../api/services.ts'
import type { AuditService } from '../audit/service.ts'
import type { HostOptions } from '../host.ts'
import type { LinkOpener } from '../link/link.ts'
import type { PeopleService } from '../people/service.ts'
import type { RunService } from '../run/service.ts'
import type { NetworkGate } from '../sync/network-gate.ts'
import type { SyncService } from '../sync/sync-service.ts'
import type { UndoList } from '../undo-list.ts'
import type { Base } from './base.ts'
import { anyOf } from './changes.ts'
import type { Trust } from './trust.ts'

export interface DemoParts {
  readonly trust: Trust
  readonly sync: SyncService
  readonly gate: NetworkGate
  readonly people: PeopleService
  readonly runs: RunService
  readonly audit: AuditService
}

export interface Demo {
  readonly openers: readonly LinkOpener[]
  guide(parts: DemoParts): Promise<DemoService>
}

/** Puts the demo's publisher and devices up. Their code is read only here. */
export async function openDemo({ dataDir, log }: HostOptions, { clock }: Base, undo: UndoList): Promise<Demo> {
  const [{ DemoWorld }, { DemoGuideService, TOUR_DEVICE }] = await Promise.all([
    import('../demo/world.ts'),
    import('../demo/demo-service.ts'),
  ])
  const onError = (error: unknown) => log.unexpected(error, 'demo depot')
  const world = await DemoWorld.open({ dir: join(dataDir, 'demo'), clock, onError })
  undo.add(() => world.close())
  return {
    openers: [world.opener],
    guide: ({ trust, sync, gate, people, runs, audit }) =>
      DemoGuideService.open({
        world,
        request: (operator) => people.request(operator),
        console: () => {
          const { items, toFetch } = sync.state()
          const log = audit.state()
          return {
            pinned: trust.store.pin() !== null,
            operators: people.list().map(({ id }) => id),
            signedIn: people.session() !== null,
            synced: people.session()?.enrolled === true && items.length > 0 && toFetch === 0,
            offline: gate.offline,
            uploaded: log.toUpload === 0 && log.lastReceipt !== null,
            phases: runs.history(TOUR_DEVICE).map(({ phase }) => phase),
          }
        },
        sources: anyOf(sync, people, audit, trust.library, { onChange: (listener) => runs.onCommit(listener) }),
      }),
  }
}
