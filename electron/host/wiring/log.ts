import type { AuditTime } from '../../../shared/model/audit.ts'
import { AuditService } from '../audit/service.ts'
import type { HostOptions } from '../host.ts'
import { noteConsole } from '../people/console-identity.ts'
import { factQueries } from '../store/facts.ts'
import type { ServerConnection } from '../sync/server-connection.ts'
import type { TrustedTime } from '../sync/trusted-time.ts'
import type { LibrarySource } from '../trust/library.ts'
import type { UndoList } from '../undo-list.ts'
import { auditPolicy } from './audit-policy.ts'
import type { Base } from './base.ts'

/** Opens the audit log and goes on with what the last host left. */
export async function openAudit(
  { dataDir, log }: HostOptions,
  base: Base,
  library: LibrarySource,
  connection: ServerConnection,
  undo: UndoList,
): Promise<AuditService> {
  const { db, console, time, clock, pool } = base
  const facts = factQueries(db)
  const audit = await AuditService.open({
    db,
    dataDir,
    signer: console,
    key: console.key,
    policy: auditPolicy(library),
    time: () => auditTime(time, clock.monotonic()),
    offline: () => facts.get('sync.offline') === '1',
    agent: (url) => connection.agent(url),
    check: (from, rows, signal) => pool.run('audit-stretch', { from, rows }, { signal }),
    prepare: (recipient, count) => pool.run('age-wrap-keys', { recipient, count }),
    onTrouble: (error) => log.unexpected(error, 'audit'),
  })
  undo.add(() => audit.close())
  await noteConsole(console, facts, audit.recorder)
  return audit
}

/** An entry's time is what the wall says, with how far it may be off; where it lags behind what was signed, that. */
function auditTime(time: TrustedTime, mono: number): AuditTime {
  const { now, source, uncertainty } = time.now()
  return {
    wall: Math.floor(now),
    mono: Math.floor(mono),
    source: source === 'wall' ? 'wall' : 'floor',
    uncertainty: uncertainty === null ? null : Math.floor(uncertainty),
  }
}
