import { AppError } from '../../../shared/errors.ts'
import type { LinkKind } from '../../../shared/model/device.ts'

/** An address taken apart. For `serial`, `usb` and `sim` only `path` is set. */
export type ParsedAddress =
  | { readonly scheme: 'serial' | 'usb' | 'sim'; readonly path: string }
  | { readonly scheme: 'udp' | 'http' | 'https'; readonly host: string; readonly port: number | null }
  | { readonly scheme: 'ssh'; readonly host: string; readonly port: number | null; readonly user: string | null }

const PATH_FORM = /^(serial|usb|sim):(?!\/\/)(.+)$/s
/** Host names, IPv4, bracketed IPv6 with an optional zone. Nothing else may follow: a path would be silently dropped. */
const HOST_FORM =
  /^(udp|https?|ssh):\/\/(?:([a-z_][a-z0-9_.-]*)@)?(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?\/?$/i

const KIND_OF = {
  serial: 'serial',
  sim: 'memory',
  udp: 'udp',
  http: 'http',
  https: 'http',
  ssh: 'ssh',
  usb: 'usb',
} as const satisfies Record<ParsedAddress['scheme'], LinkKind>

/** What kind of link an address leads to. Throws `link.bad-address`. */
export function linkKindOf(address: string): LinkKind {
  return KIND_OF[parseAddress(address).scheme]
}

/**
 * Takes an address of `shared/model/site.ts` apart. `serial:/dev/ttyUSB0`, `serial:COM4`,
 * `usb:1-1.4`, `udp://10.0.0.7:1337`, `http://[fe80::1%eth0]:8080`, `ssh://root@10.0.0.9:22`. Throws `link.bad-address`.
 */
export function parseAddress(address: string): ParsedAddress {
  const byPath = PATH_FORM.exec(address)
  if (byPath?.[2] && !byPath[2].includes('\0')) {
    return { scheme: byPath[1] as 'serial' | 'usb' | 'sim', path: byPath[2] }
  }
  const [, name, user, place, number] = HOST_FORM.exec(address) ?? []
  const scheme = name?.toLowerCase()
  const port = number === undefined ? null : Number(number)
  if (!scheme || !place || (user && scheme !== 'ssh') || port === 0 || (port !== null && port > 65_535)) {
    throw new AppError('link.bad-address', { detail: { address } })
  }
  const host = place.startsWith('[') ? place.slice(1, -1) : place
  if (scheme === 'ssh') return { scheme, host, port, user: user ?? null }
  return { scheme: scheme as 'udp' | 'http' | 'https', host, port }
}
