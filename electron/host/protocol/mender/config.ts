import { AppError } from '../../../../shared/errors.ts'

/** From here on clients know `ArtifactVerifyKeys`; earlier ones pass it over without a word. */
const KNOWS_LIST = [3, 5] as const

export type ClientVersion = readonly [major: number, minor: number]

/** From `mender --version`. Throws `device.unexpected-answer`. */
export function parseVersion(said: string): ClientVersion {
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})(?:\D|$)/.exec(said.trim()) ?? []
  if (major !== undefined && minor !== undefined) return [Number(major), Number(minor)]
  throw new AppError('device.unexpected-answer', { detail: { command: '--version', said: said.slice(0, 60) } })
}

/**
 * The files with the keys that this client will judge artifacts by. `documents`: what its configuration files hold, the
 * one that counts first, null for those that are not there. Throws `device.verify-key`: with a configuration that
 * names no key, or names it so that the client does not see it, everything installs.
 */
export function verifyKeyPaths(documents: readonly (string | null)[], version: ClientVersion): readonly string[] {
  const settings = documents.filter((text) => text !== null).map(parse)
  const single = first(settings, 'ArtifactVerifyKey')
  const list = first(settings, 'ArtifactVerifyKeys')
  const isNone = (value: unknown) => value === undefined || value === '' || value === null
  if (!isNone(list)) {
    if (!isNone(single)) throw untrusted('both-set')
    const [major, minor] = version
    const knows = major > KNOWS_LIST[0] || (major === KNOWS_LIST[0] && minor >= KNOWS_LIST[1])
    if (!knows) throw untrusted('ignored', { setting: 'ArtifactVerifyKeys', client: version.join('.') })
  }
  const paths = isNone(list) ? (isNone(single) ? [] : [single]) : list
  if (!Array.isArray(paths) || paths.length === 0) throw untrusted('not-set')
  return paths.map((path: unknown) => {
    if (typeof path !== 'string' || !/^\/[^\0\r\n]{1,300}$/.test(path)) throw untrusted('bad-path')
    return path
  })
}

/** Of several files the first that has the setting counts, even when it is empty there. */
function first(documents: readonly Readonly<Record<string, unknown>>[], name: string): unknown {
  for (const document of documents) {
    for (const key of Object.keys(document)) {
      if (key.toLowerCase() !== name.toLowerCase()) continue
      // Some clients read it, and others do not.
      if (key !== name) throw untrusted('misspelt', { setting: key.slice(0, 60) })
      return document[key]
    }
  }
  return undefined
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // The client would say so too, or be fooled.
  }
  throw untrusted('bad-config')
}

/** Whether a key file holds one of these public keys, PEM both. Throws `device.verify-key` for anything but one key. */
export function holdsOneOf(file: string, expected: readonly string[]): boolean {
  const [body, ...more] = bodies(file)
  if (body === undefined || more.length > 0) throw untrusted('bad-key')
  return expected.some((pem) => bodies(pem).some((one) => one === body))
}

/** SubjectPublicKeyInfo of each key in a PEM text (RFC 7468), as base64 without line ends. */
function bodies(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----/g)].map(([, body]) =>
    (body ?? '').replace(/\s/g, ''),
  )
}

export function untrusted(reason: string, detail: Readonly<Record<string, string>> = {}): AppError {
  return new AppError('device.verify-key', { detail: { reason, ...detail } })
}
