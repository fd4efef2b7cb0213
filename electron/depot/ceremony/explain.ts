import { sha256Hex } from '../../host/crypto/hash.ts'
import { payloadOf, progressOf, type RequestedFile, type SigningRequest } from './request.ts'

type Json = Readonly<Record<string, unknown>>

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/**
 * What would be different, in lines for whoever is about to sign. It is worked out here from the old file and the new
 * content, on the machine of the keys: a machine that was taken over cannot put its own words in.
 */
export function explain(request: SigningRequest): string[] {
  const head = [`${request.depot}, made ${request.made}`]
  return [...head, ...request.files.flatMap((file) => ['', ...explainFile(file)])]
}

function explainFile(file: RequestedFile): string[] {
  const before = object(object(parsed(file.before)).signed)
  const { signed } = file
  const changes = [
    ...roleChanges(before, signed),
    ...targetChanges(before, signed),
    ...delegationChanges(before, signed),
  ]
  const { signed: groups, open } = progressOf(file)
  return [
    `${file.name}, version ${signed.version}${file.before === null ? ' (new)' : ` (after ${Number(before.version)})`}`,
    `  good until ${signed.expires}`,
    ...(changes.length > 0 ? changes : ['  nothing but the dates changes']),
    `  signed: ${groups.map(({ have, need }) => `${have} of ${need}`).join(' and ')}`,
    ...open.map((keyid) => `  not yet by ${keyid}`),
  ]
}

/** A root: who may sign what. */
function roleChanges(before: Json, after: Json): string[] {
  return namedChanges(object(before.roles), object(after.roles), describeRole)
}

/** A targets file that hands on: who may speak for which paths. */
function delegationChanges(before: Json, after: Json): string[] {
  const byName = (file: Json) => {
    const roles = object(file.delegations).roles
    const list = Array.isArray(roles) ? roles.map(object) : []
    return Object.fromEntries(list.map((role) => [String(role.name), role]))
  }
  return namedChanges(byName(before), byName(after), describeRole)
}

function targetChanges(before: Json, after: Json): string[] {
  const hash = (target: unknown) => String(object(object(target).hashes).sha256)
  return namedChanges(object(before.targets), object(after.targets), (target) => [`sha256 ${hash(target)}`])
}

function namedChanges(before: Json, after: Json, describe: (value: unknown) => readonly string[]): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return names.flatMap((name) => {
    const [old, now] = [name in before, name in after]
    if (old && now && JSON.stringify(before[name]) === JSON.stringify(after[name])) return []
    const verb = !now ? 'goes' : old ? 'changes' : 'comes'
    const lines = now ? describe(after[name]) : []
    return [`  ${verb}: ${name}`, ...lines.map((line) => `    ${line}`)]
  })
}

function describeRole(role: unknown): string[] {
  const { keyids, threshold, paths } = object(role)
  const keys = Array.isArray(keyids) ? keyids.map(String) : []
  return [
    `${String(threshold)} of ${keys.length} keys`,
    ...keys.map((keyid) => `key ${keyid}`),
    ...(Array.isArray(paths) ? [`for ${paths.join(', ')}`] : []),
  ]
}

/**
 * Twelve hex digits over the contents that would be signed: short enough to be read out over a telephone between who
 * asks and who signs, and the way in which a signer says that this is what was looked at.
 */
export function requestCode({ files }: SigningRequest): string {
  const digests = files.map((file) => sha256Hex(payloadOf(file)))
  return sha256Hex(Buffer.from(digests.join('\n'))).slice(0, 12)
}

function parsed(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
