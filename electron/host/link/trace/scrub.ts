/** What stands in the place of a secret. */
export const REMOVED = '(removed)'

/** A challenge is no secret, and its answer cannot be replayed without it. */
const HARMLESS = new Set(['www-authenticate'])
const SECRET_NAME = /auth|cookie|token|secret|passw|api-?key|session/i

/** Headers without what proves who somebody is. Their names stay: that there was a login is worth knowing. */
export function scrubHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const lower = name.toLowerCase()
      return [lower, SECRET_NAME.test(lower) && !HARMLESS.has(lower) ? REMOVED : value]
    }),
  )
}

/** A path whose query holds no secrets. */
export function scrubPath(path: string): string {
  const [place = '', query] = path.split('?', 2)
  if (query === undefined) return place
  const kept = query.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1)
    return SECRET_NAME.test(name) ? `${name}=${REMOVED}` : pair
  })
  return `${place}?${kept.join('&')}`
}

/** Bytes in which every known secret is crossed out, letter by letter: lengths stay true. */
export function scrubBytes(bytes: Uint8Array, secrets: readonly string[]): Buffer {
  const clean = Buffer.from(bytes)
  for (const secret of secrets) {
    const wanted = Buffer.from(secret, 'utf8')
    if (wanted.length === 0) continue
    for (let at = clean.indexOf(wanted); at >= 0; at = clean.indexOf(wanted, at + wanted.length)) {
      clean.fill('*', at, at + wanted.length)
    }
  }
  return clean
}
