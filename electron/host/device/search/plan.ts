import { NetworkText, type SearchableNetwork } from '../../../../shared/contract/search.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { DriverBinding, Profile } from '../../../../shared/model/profile.ts'
import { ipv4, ipv4Text, isPrivate, type OwnNetwork } from '../../link/own-networks.ts'

/** Addresses of one search: a network of a ship or a hall, not of a company. */
const WIDEST_PREFIX = 22
/** What is offered where the laptop's own network is wider. */
const NARROW_PREFIX = 24

type Scheme = 'udp' | 'http' | 'https' | 'ssh'

/** A port that a signed profile names. */
export interface SearchPort {
  readonly scheme: Scheme
  readonly port: number
  /** Whose language a question over UDP must be in: nobody answers what is no question. */
  readonly driver: DriverBinding['driver']
}

export interface Target extends SearchPort {
  readonly host: string
}

/** The ports at which devices of these profiles listen. */
export function searchPorts(profiles: readonly Profile[]): readonly SearchPort[] {
  const all = profiles.flatMap(({ drivers }) => drivers.flatMap((binding) => portOf(binding) ?? []))
  return [...new Map(all.map((one) => [`${one.scheme} ${one.port}`, one])).values()]
}

function portOf(binding: DriverBinding): SearchPort | null {
  if (!('port' in binding)) return null
  const isPinned = binding.link === 'http' && 'tls' in binding && binding.tls !== undefined
  return { scheme: isPinned ? 'https' : binding.link, port: binding.port, driver: binding.driver }
}

/** Every address of a network but its own name, its broadcast and those of this laptop, at every port. */
export function targetsIn(
  network: string,
  ports: readonly SearchPort[],
  own: readonly OwnNetwork[],
): readonly Target[] {
  const { address, prefix } = privateNetwork(network)
  const mine = new Set(own.map((one) => one.address))
  const size = 2 ** (32 - prefix)
  const first = Math.floor((ipv4(address) ?? 0) / size) * size
  const edge = prefix >= 31 ? 0 : 1
  const hosts = Array.from({ length: size - 2 * edge }, (_, at) => ipv4Text(first + edge + at))
  // All hosts at one port, then the next: no single device sees a burst.
  return ports.flatMap((port) => hosts.filter((host) => !mine.has(host)).map((host) => ({ host, ...port })))
}

/** Throws `link.not-searchable`. */
function privateNetwork(text: string): { readonly address: string; readonly prefix: number } {
  const [address = '', prefixText = ''] = text.split('/')
  const prefix = Number(prefixText)
  const network = { address, prefix }
  const isFit = NetworkText.safeParse(text).success && ipv4(address) !== null && prefix >= WIDEST_PREFIX && prefix <= 32
  if (!isFit || !isPrivate(network)) throw new AppError('link.not-searchable', { detail: { network: text } })
  return network
}

/** The laptop's own networks as they would be searched. A wide one is narrowed to the neighbourhood of the laptop. */
export function searchable(own: readonly OwnNetwork[]): SearchableNetwork[] {
  return own.map(({ name, address, prefix: wide }) => {
    const prefix = wide < WIDEST_PREFIX ? NARROW_PREFIX : wide
    const size = 2 ** (32 - prefix)
    const first = Math.floor((ipv4(address) ?? 0) / size) * size
    const network = `${ipv4Text(first)}/${prefix}`
    const hosts = Math.max(1, prefix >= 31 ? size - 1 : size - 3)
    return { network, name, hosts, allowed: isPrivate({ address, prefix }) }
  })
}
