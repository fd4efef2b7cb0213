import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Plan } from '../../../shared/model/plan.ts'
import { AuditRecipients, ConsolePolicy, OperatorsPolicy } from '../../../shared/model/policy.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { MAX_SITE_DEVICES, Site, SiteDevice } from '../../../shared/model/site.ts'
import { atOnce, type Steps } from '../../../shared/steps.ts'
import { parseJsonSteps, toPlainSteps } from './json.ts'

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
  return atOnce(documentSteps(shelf, path, bytes))
}

/** {@link readDocument} in steps: a site may have thousands of devices. */
export function* documentSteps<S extends Shelf>(shelf: S, path: string, bytes: Uint8Array): Steps<DocumentOf<S>> {
  const { schema, id } = SHELVES[shelf]
  const value = yield* plainSteps(path, bytes)
  const document = (
    shelf === 'sites' ? yield* siteSteps(path, value) : checked<unknown>(schema, path, value)
  ) as DocumentOf<S>
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
  return checked(schema, path, atOnce(plainSteps(path, bytes)))
}

/** Devices between two steps. */
const STRIDE = 512
const DeviceList = z.array(z.unknown()).max(MAX_SITE_DEVICES)
const Devices = z.array(SiteDevice)

/** The list of devices apart from the rest, which is never long. */
function* siteSteps(path: string, value: unknown): Steps<Site> {
  const { devices } = (typeof value === 'object' && value !== null ? value : {}) as { devices?: unknown }
  if (!Array.isArray(devices) || devices.length <= STRIDE) return checked(Site, path, value)
  checked(DeviceList, path, devices, (at) => ['devices', ...at])
  const site = checked(Site, path, { ...(value as object), devices: [] })
  for (let from = 0; from < devices.length; from += STRIDE) {
    yield
    const some = devices.slice(from, from + STRIDE)
    const read = checked(Devices, path, some, ([n, ...at]) => ['devices', Number(n) + from, ...at])
    for (const device of read) site.devices.push(device)
  }
  return site
}

type IssuePath = readonly PropertyKey[]

/** `inWhole`: where in the document a place of this value is. */
function checked<T>(
  schema: z.ZodType<T>,
  path: string,
  value: unknown,
  inWhole: (at: IssuePath) => IssuePath = (at) => at,
): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const at = inWhole(issue?.path ?? [])
    .map(String)
    .join('.')
    .slice(0, 200)
  if (at === 'format') {
    const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null
    throw new AppError('document.unknown-format', {
      detail: { path, format: typeof format === 'string' ? format.slice(0, 100) : null },
    })
  }
  throw new AppError('document.invalid', { detail: { path, at, why: (issue?.message ?? '').slice(0, 200) } })
}

function* plainSteps(path: string, bytes: Uint8Array): Steps<unknown> {
  try {
    return yield* toPlainSteps(yield* parseJsonSteps(bytes, { numbers: 'any' }))
  } catch (cause) {
    const why = cause instanceof AppError ? String(cause.detail.found ?? '') : ''
    throw new AppError('document.invalid', { detail: { path, at: '', why }, cause })
  }
}
