import { isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** An IPv4 network that one of this laptop's interfaces is in. */
export interface OwnNetwork {
  readonly name: string
  /** The laptop's own address there. */
  readonly address: string
  readonly prefix: number
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

/** An IPv4 address as a number; null for anything else. */
export function ipv4(text: string): number | null {
  if (!isIPv4(text)) return null
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

export function isIn(address: string, network: { readonly address: string; readonly prefix: number }): boolean {
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
