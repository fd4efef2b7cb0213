import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** A network that one of this laptop's interfaces is in. */
export interface OwnNetwork {
  readonly name: string
  /** The laptop's own address there. */
  readonly address: string
  readonly prefix: number
  /** IPv6 link-local only: the interface, as it stands behind the `%` of an address (RFC 4007 11). */
  readonly zone?: string
}

/** The networks that cables and radios lead to: without the loopback. Empty without a network interface. */
export function ownNetworks(list: typeof networkInterfaces = networkInterfaces): readonly OwnNetwork[] {
  return Object.entries(list()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, internal, address, cidr }): OwnNetwork[] => {
      const prefix = Number(cidr?.split('/')[1])
      return family === 'IPv4' && !internal && Number.isInteger(prefix) ? [{ name, address, prefix }] : []
    }),
  )
}

/**
 * The IPv6 links of its interfaces (RFC 4291 2.5.6): each device that speaks IPv6 has an address there, without anybody
 * having set one up, and the address is worth nothing without the interface.
 */
export function ownLinks(
  list: typeof networkInterfaces = networkInterfaces,
  platform: NodeJS.Platform = process.platform,
): readonly OwnNetwork[] {
  return Object.entries(list()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal, address }) => family === 'IPv6' && !internal && isIn(address, LINK_LOCAL))
      .map(({ address, ...rest }) => {
        const scope = 'scopeid' in rest ? rest.scopeid : 0
        return { name, address, prefix: LINK_LOCAL.prefix, zone: platform === 'win32' ? String(scope) : name }
      })
      .slice(0, 1),
  )
}

const LINK_LOCAL = { address: 'fe80::', prefix: 10 } as const

/** An IPv4 address as a number; null for anything else. */
export function ipv4(text: string): number | null {
  if (!isIPv4(text)) return null
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

/** An address behind another interface is in no network of this one, however alike they are. */
export function isIn(
  address: string,
  network: { readonly address: string; readonly prefix: number; readonly zone?: string },
): boolean {
  const [plain = '', zone] = address.split('%')
  if (isIPv6(network.address)) {
    if (!isIPv6(plain) || (zone !== undefined && zone !== network.zone)) return false
    const range = new BlockList()
    range.addSubnet(network.address, network.prefix, 'ipv6')
    return range.check(plain, 'ipv6')
  }
  const [one, other] = [ipv4(address), ipv4(network.address)]
  if (one === null || other === null) return false
  const size = 2 ** (32 - network.prefix)
  return Math.floor(one / size) === Math.floor(other / size)
}

/** RFC 1918, RFC 3927 (link-local), and the laptop itself, where tunnels to devices end. */
const PRIVATE = [
  { address: '10.0.0.0', prefix: 8 },
  { address: '172.16.0.0', prefix: 12 },
  { address: '192.168.0.0', prefix: 16 },
  { address: '169.254.0.0', prefix: 16 },
  { address: '127.0.0.0', prefix: 8 },
]

/** Whether a network is wholly within a range that is nobody's on the internet. */
export function isPrivate(network: { readonly address: string; readonly prefix: number }): boolean {
  return PRIVATE.some((range) => network.prefix >= range.prefix && isIn(network.address, range))
}
