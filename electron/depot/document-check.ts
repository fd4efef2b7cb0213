import { lintPlan } from '../../shared/conditions/lint.ts'
import { lintProfiles } from '../../shared/conditions/lint-profiles.ts'
import { AppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model/profile.ts'
import {
  POLICY_PATHS,
  readConsolePolicy,
  readDocument,
  readOperators,
  readRecipients,
  shelfOf,
} from '../host/trust/documents.ts'
import type { Content } from './content.ts'

const POLICY_READERS: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  [POLICY_PATHS.console]: readConsolePolicy,
  [POLICY_PATHS.operators]: readOperators,
  [POLICY_PATHS.recipients]: readRecipients,
}

/**
 * Reads a document as a console will. A plan is also linted against the profiles that are here, and a profile against
 * the others: what would be a surprise at the machine is a refusal at the desk. Throws `document.*`, `depot.lint`.
 */
export async function checkDocument(content: Content, path: string, document: unknown): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(document))
  const policy = POLICY_READERS[path]
  const place = shelfOf(path)
  if (policy) policy(bytes)
  else if (place) {
    const read = readDocument(place.shelf, path, bytes)
    if (read.format === 'slipway.plan/1') {
      const [finding] = lintPlan(read, await profilesOf(content))
      if (finding) throw new AppError('depot.lint', { detail: { path, why: whyOf(finding) } })
    }
    if (read.format === 'slipway.profile/1') {
      const others = [...(await profilesOf(content)).values()].filter(({ type }) => type !== read.type)
      const clash = lintProfiles([...others, read]).find(({ types }) => types.includes(read.type))
      if (clash) throw new AppError('depot.lint', { detail: { path, why: String(clash.reason.detail.why) } })
    }
  } else throw new AppError('document.invalid', { detail: { path, why: 'path' } })
}

async function profilesOf(content: Content): Promise<Map<string, Profile>> {
  const profiles = new Map<string, Profile>()
  for (const path of await content.list('profiles/')) {
    const bytes = await content.document(path)
    const profile = bytes && readDocument('profiles', path, bytes)
    if (profile) profiles.set(profile.type, profile)
  }
  return profiles
}

function whyOf({ where, reason }: ReturnType<typeof lintPlan>[number]): string {
  const facts = Object.entries(reason.detail).filter(([name]) => name !== 'path' && name !== 'at')
  return [where, reason.code, ...facts.map(([name, fact]) => `${name}: ${fact}`)].join(', ').slice(0, 300)
}
