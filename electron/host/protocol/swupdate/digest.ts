import { md5Hex } from '../../crypto/hash.ts'

/** What a server asks of who wants in (RFC 7616, as Mongoose and SWUpdate use it). */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | null
  /** The login was right and the nonce too old. */
  readonly stale: boolean
}

export interface DigestAnswer {
  readonly username: string
  readonly password: string
  readonly method: string
  readonly uri: string
  /** How often this nonce was used, this time included. */
  readonly count: number
  /** Random, hex. */
  readonly cnonce: string
}

const PARAMETER = /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi

/**
 * Reads `WWW-Authenticate`. Null unless it asks for Digest with MD5 and `qop=auth`: the only scheme SWUpdate has,
 * and weaker ones (Basic, a Digest that is open to replay) would give the password away.
 */
export function parseChallenge(header: string): DigestChallenge | null {
  if (!/^\s*digest\s/i.test(header)) return null
  const found = new Map<string, string>()
  for (const [, name = '', quoted, plain] of header.matchAll(PARAMETER)) {
    found.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '')
  }
  const [realm, nonce] = [found.get('realm'), found.get('nonce')]
  const qop = found.get('qop')?.split(',') ?? []
  const algorithm = found.get('algorithm') ?? 'MD5'
  if (realm === undefined || !nonce || algorithm.toUpperCase() !== 'MD5') return null
  if (!qop.some((one) => one.trim().toLowerCase() === 'auth')) return null
  return { realm, nonce, opaque: found.get('opaque') ?? null, stale: found.get('stale')?.toLowerCase() === 'true' }
}

/** The `Authorization` header that answers a challenge for one request. */
export function answerChallenge({ realm, nonce, opaque }: DigestChallenge, answer: DigestAnswer): string {
  const { username, password, method, uri, cnonce } = answer
  const count = answer.count.toString(16).padStart(8, '0')
  const response = md5Hex(
    [md5Hex(`${username}:${realm}:${password}`), nonce, count, cnonce, 'auth', md5Hex(`${method}:${uri}`)].join(':'),
  )
  const quoted = Object.entries({ username, realm, nonce, uri, response, cnonce, ...(opaque !== null && { opaque }) })
  const parts = quoted.map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`)
  return `Digest ${[...parts, 'qop=auth', `nc=${count}`].join(', ')}`
}
