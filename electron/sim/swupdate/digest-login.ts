import { equalText } from '../../host/crypto/constant-time.ts'
import { md5Hex } from '../../host/crypto/hash.ts'
import { randomHex } from '../../host/crypto/random.ts'

export interface Account {
  readonly username: string
  readonly password: string
}

const REALM = 'swupdate'

/** The login of a simulated web server: HTTP Digest with MD5 and `qop=auth`, as SWUpdate has it. */
export class DigestLogin {
  readonly #account: Account | null
  readonly #nonces = new Set<string>()

  constructor(account: Account | null) {
    this.#account = account
  }

  /** Null: come in. Otherwise the challenge to answer with 401. */
  challenge(method: string, uri: string, authorization: string | undefined): string | null {
    if (!this.#account || this.#isRight(this.#account, method, uri, authorization ?? '')) return null
    const nonce = randomHex(8)
    this.#nonces.add(nonce)
    return `Digest qop="auth", realm="${REALM}", nonce="${nonce}"`
  }

  #isRight({ username, password }: Account, method: string, uri: string, authorization: string): boolean {
    const given = new Map(
      [...authorization.matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name = '', value = '']) => [name, value]),
    )
    const nonce = given.get('nonce') ?? ''
    if (!this.#nonces.has(nonce) || given.get('username') !== username || given.get('uri') !== uri) return false
    const want = md5Hex(
      [
        md5Hex(`${username}:${REALM}:${password}`),
        nonce,
        given.get('nc') ?? '',
        given.get('cnonce') ?? '',
        'auth',
        md5Hex(`${method}:${uri}`),
      ].join(':'),
    )
    return equalText(want, given.get('response') ?? '')
  }
}
