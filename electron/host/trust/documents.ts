import type { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Plan } from '../../../shared/model/plan.ts'
import { AuditRecipients, ConsolePolicy, OperatorsPolicy } from '../../../shared/model/policy.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { Site } from '../../../shared/model/site.ts'
import { parseJson, toPlain } from './json.ts'

/** Target paths of the documents that every repository of ours has. */
export const POLICY_PATHS = {
  console: 'policy/console.json',
  operators: 'policy/operators.json',
  recipients: 'policy/audit-recipients.json',
} as const

/** Which document lives where, and what names it inside. */
const SHELVES = {
  plans: { schema: Plan, id: (plan: Plan) => plan.id },
  profiles: { schema: Profile, id: (profile: Profile) => profile.type },
  sites: { schema: Site, id: (site: Site) => site.id },
} as const
export type Shelf = keyof typeof SHELVES
export type DocumentOf<S extends Shelf> = z.infer<(typeof SHELVES)[S]['schema']>

/** `plans/crane-2.5.0.json` -> its shelf and id; null for a path that is no document of ours. */
export function shelfOf(path: string): { readonly shelf: Shelf; readonly id: string } | null {
  const match = /^(plans|profiles|sites)\/([^/]+)\.json$/.exec(path)
  return match ? { shelf: match[1] as Shelf, id: match[2] ?? '' } : null
}

export function isDocumentPath(path: string): boolean {
  return shelfOf(path) !== null || (Object.values(POLICY_PATHS) as string[]).includes(path)
}

/** Reads one document. Throws `document.*` or `trust.bad-json`, each naming the path. */
export function readDocument<S extends Shelf>(shelf: S, path: string, bytes: Uint8Array): DocumentOf<S> {
  const { schema, id } = SHELVES[shelf]
  const document = validate(schema as unknown as z.ZodType<DocumentOf<S>>, path, bytes)
  const found = (id as (document: DocumentOf<S>) => string)(document)
  const expected = shelfOf(path)?.id ?? ''
  // Or a plan could be shown under one name and run under another.
  if (found !== expected) throw new AppError('document.wrong-id', { detail: { path, found, expected } })
  return document
}

export const readConsolePolicy = (bytes: Uint8Array) => validate(ConsolePolicy, POLICY_PATHS.console, bytes)
export const readOperators = (bytes: Uint8Array) => validate(OperatorsPolicy, POLICY_PATHS.operators, bytes)
export const readRecipients = (bytes: Uint8Array) => validate(AuditRecipients, POLICY_PATHS.recipients, bytes)

/** Strict JSON, then the schema. The first complaint is enough for a person to find the place. */
export function validate<T>(schema: z.ZodType<T>, path: string, bytes: Uint8Array): T {
  const value = toPlain(readJson(path, bytes))
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const at = (issue?.path ?? []).join('.').slice(0, 200)
  if (at === 'format') {
    const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null
    throw new AppError('document.unknown-format', {
      detail: { path, format: typeof format === 'string' ? format.slice(0, 100) : null },
    })
  }
  throw new AppError('document.invalid', { detail: { path, at, why: (issue?.message ?? '').slice(0, 200) } })
}

function readJson(path: string, bytes: Uint8Array) {
  try {
    return parseJson(bytes, { numbers: 'any' })
  } catch (cause) {
    const why = cause instanceof AppError ? String(cause.detail.found ?? '') : ''
    throw new AppError('document.invalid', { detail: { path, at: '', why }, cause })
  }
}
