import type { LinkOpener, SeenPort } from './link.ts'
import { isIn, type OwnNetwork } from './own-networks.ts'

/** A kind of service by which devices of a signed profile announce themselves, and how such a device is spoken to. */
export interface WantedService {
  /** `_mcumgr._udp`, RFC 6335. */
  readonly type: string
  readonly scheme: Exclude<LinkOpener['scheme'], 'serial' | 'usb' | 'sim'>
}

/** What an announcement says, as far as it is used. All of it was sent by somebody. */
export interface AnnouncedService {
  readonly name?: unknown
  readonly port?: unknown
  readonly addresses?: unknown
  readonly referer?: { readonly address?: unknown } | undefined
}

/** RFC 6763 4.1.1: one DNS label. */
const MAX_NAME = 63

/**
 * The port that an announcement leads to. Null for one that leads out of the laptop's own networks, or to the
 * laptop itself, or nowhere: anybody can announce anything.
 */
export function announcedPort(
  said: AnnouncedService,
  { type, scheme }: WantedService,
  networks: readonly OwnNetwork[],
): SeenPort | null {
  const { name, port } = said
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null
  const listed: readonly unknown[] = Array.isArray(said.addresses) ? said.addresses : []
  const told = [...listed, said.referer?.address]
  const host = hostAmong(told, networks)
  if (host === null) return null
  return {
    address: `${scheme}://${host}:${port}`,
    label: typeof name === 'string' ? plainName(name) || host : host,
    found: 'announced',
    service: type,
    usb: null,
  }
}

/** The first address that leads into one of these networks, as it stands in an address; IPv4 counts more. */
function hostAmong(told: readonly unknown[], networks: readonly OwnNetwork[]): string | null {
  for (const zoned of [false, true]) {
    for (const address of told) {
      if (typeof address !== 'string') continue
      const network = networks.find((one) => (one.zone !== undefined) === zoned && isIn(address, one))
      if (network) return zoned ? `[${address.split('%')[0]}%${network.zone}]` : address
    }
  }
  return null
}

/** A name that does nothing but stand there. */
function plainName(name: string): string {
  return name
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME)
}
