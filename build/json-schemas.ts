import { z } from 'zod'
import { ArtifactCustom } from '../shared/model/artifact.ts'
import { AuditEntry, AuditHead, Receipt, ReceiptBag, SegmentHeader, Waybill } from '../shared/model/audit.ts'
import { EnrolmentRequest } from '../shared/model/enrolment.ts'
import { PackManifest } from '../shared/model/pack.ts'
import { Plan } from '../shared/model/plan.ts'
import { AuditRecipients, ConsolePolicy, OperatorsPolicy } from '../shared/model/policy.ts'
import { Profile } from '../shared/model/profile.ts'
import { Site } from '../shared/model/site.ts'
import { Ways } from '../shared/model/ways.ts'

/** What other programs may write for a console or read from one, by the name of its format. */
const FORMATS = {
  'artifact-custom': ArtifactCustom,
  'audit-entry': AuditEntry,
  'audit-head': AuditHead,
  'audit-receipt': Receipt,
  'audit-receipts': ReceiptBag,
  'audit-recipients': AuditRecipients,
  'audit-segment': SegmentHeader,
  'audit-waybill': Waybill,
  'console-policy': ConsolePolicy,
  enrolment: EnrolmentRequest,
  operators: OperatorsPolicy,
  pack: PackManifest,
  plan: Plan,
  profile: Profile,
  site: Site,
  ways: Ways,
} satisfies Record<string, z.ZodType>

const NOTE =
  'Made from the code of the console, which also checks what a schema cannot say: conditions that parse, names that exist, versions that compare.'

/** JSON Schemas (2020-12) of the documents as they are written, by file name. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(FORMATS).map(([name, model]) => {
      const { $schema, ...schema } = z.toJSONSchema(model, { io: 'input', reused: 'inline' })
      const title = 'format' in (schema.properties ?? {}) ? `slipway.${name}/1` : name
      const named = { $schema, $id: `urn:slipway:${name}:1`, title, $comment: NOTE, ...schema }
      return [`${name}.schema.json`, `${JSON.stringify(named, null, 2)}\n`]
    }),
  )
}
