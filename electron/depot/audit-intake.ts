import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import { isAppError } from '../../shared/errors.ts'
import { POLICY_PATHS, readOperators, readRecipients } from '../host/trust/documents.ts'
import { readIntakeKeys } from './audit-keys.ts'
import type { Content } from './content.ts'
import type { AuditCommandContext } from './intake/commands.ts'
import { Intake } from './intake/intake.ts'
import type { DepotLayout } from './layout.ts'
import type { DepotPlugin } from './server.ts'

/** Opens the intake with this depot's keys and the consoles of its policy. Throws `depot.missing-keys`. */
export async function openIntake(layout: DepotLayout, content: Content, clock: Pick<Clock, 'now'>): Promise<Intake> {
  return Intake.open({
    dir: layout.audit,
    ...(await readIntakeKeys(layout)),
    consoles: () => consolesOf(content),
    now: () => clock.now(),
  })
}

/** The intake as part of the server; none where its keys are on another machine. */
export async function intakeOf(
  layout: DepotLayout,
  content: Content,
  clock: Pick<Clock, 'now'>,
): Promise<DepotPlugin[]> {
  try {
    const intake = await openIntake(layout, content, clock)
    const { intakePlugin } = await import('./intake/plugin.ts')
    const plugin: DepotPlugin = async (server: FastifyInstance) => {
      await server.register(intakePlugin, { intake })
    }
    return [plugin]
  } catch (error) {
    if (isAppError(error, 'depot.missing-keys')) return []
    throw error
  }
}

/** What the audit commands need of the depot. */
export async function auditContext(
  layout: DepotLayout,
  content: Content,
  clock: Pick<Clock, 'now'>,
): Promise<AuditCommandContext> {
  const recipients = readRecipients((await content.document(POLICY_PATHS.recipients)) ?? Buffer.alloc(0))
  return {
    intake: await openIntake(layout, content, clock),
    consoles: await consolesOf(content),
    receiptKeys: recipients.receiptKeys,
  }
}

async function consolesOf(content: Content): Promise<ReadonlyMap<string, string>> {
  const { consoles } = readOperators((await content.document(POLICY_PATHS.operators)) ?? Buffer.alloc(0))
  return new Map(consoles.map(({ id, publicKey }) => [id, publicKey]))
}
