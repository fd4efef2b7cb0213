/** As much of a request as says where it comes from. */
export interface RequestFacts {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`: the browser's own word on who asks. */
  readonly fetchSite: string | undefined
  /** `Sec-Fetch-Mode` and `Sec-Fetch-Dest` together: is this the address of a whole tab or window? */
  readonly isNavigation: boolean
}

export interface Refusal {
  readonly status: 403 | 405 | 421
  readonly why: 'method' | 'host' | 'origin' | 'cross-site'
}

/**
 * Whether a request may be answered at all. The server listens on loopback, which every page in every
 * browser on this laptop can reach too, so:
 * - `Host` must be our own address, or a name that an attacker points at 127.0.0.1 gets in (DNS rebinding);
 * - `Origin`, which browsers send with every WebSocket, must be our own page. Programs send none;
 * - nothing of ours may be part of another page. Leading a tab here is harmless: it comes without the token.
 *
 * `origin` is ours, e.g. `http://127.0.0.1:41234`.
 */
export function judgeRequest(request: RequestFacts, origin: string): Refusal | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, why: 'method' }
  if (request.host !== origin.slice('http://'.length)) return { status: 421, why: 'host' }
  if (request.origin !== undefined && request.origin !== origin) return { status: 403, why: 'origin' }
  const { fetchSite, isNavigation } = request
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none' && !isNavigation) {
    return { status: 403, why: 'cross-site' }
  }
  return null
}
