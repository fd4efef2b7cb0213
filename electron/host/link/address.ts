import { AppError } from '../../../shared/errors.ts'

/** An address taken apart. For `serial`, `usb` and `sim` only `path` is set. */
export type ParsedAddress =
  | { readonly scheme: 'serial' | 'usb' | 'sim'; readonly path: string }
  | { readonly scheme: 'udp' | 'http' | 'https'; readonly host: string; readonly port: number | null }

const PATH_FORM = /^(serial|usb|sim):(?!\/\/)(.+)$/s
/** Host names, IPv4, bracketed IPv6 with an optional zone. Nothing else may follow: a path would be silently dropped. */
const HOST_FORM =
  /^(udp|https?):\/\/(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?\/?$/i

/**
 * Takes an address of `shared/model/site.ts` apart. `serial:/dev/ttyUSB0`, `serial:COM4`,
 * `usb:1-1.4`, `udp://10.0.0.7:1337`, `http://[fe80::1%eth0]:8080`. Throws `link.bad-address`.
 */
export function parseAddress(address: string): ParsedAddress {
  const byPath = PATH_FORM.exec(address)
  if (byPath?.[2] && !byPath[2].includes('\0')) {
    return { scheme: byPath[1] as 'serial' | 'usb' | 'sim', path: byPath[2] }
  }
  const byHost = HOST_FORM.exec(address)
  const port = byHost?.[3] === undefined ? null : Number(byHost[3])
  if (!byHost?.[1] || !byHost[2] || port === 0 || (port !== null && port > 65_535)) {
    throw new AppError('link.bad-address', { detail: { address } })
  }
  const host = byHost[2].startsWith('[') ? byHost[2].slice(1, -1) : byHost[2]
  return { scheme: byHost[1].toLowerCase() as 'udp' | 'http' | 'https', host, port }
}
