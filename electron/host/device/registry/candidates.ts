import type { DriverBinding, Profile } from '../../../../shared/model/profile.ts'
import { linkKindOf, parseAddress } from '../../link/address.ts'
import type { OpenOptions, SeenPort } from '../../link/link.ts'
import type { WantedService } from '../../link/mdns-service.ts'
import type { Credential, Driver } from '../driver.ts'

/** One way in which the device at a port may be one of ours. */
export interface Candidate {
  readonly profile: Profile
  readonly binding: DriverBinding
  readonly driver: Driver
}

/**
 * What to ask at a port, most likely first. A serial or USB port that hot-plug announced is asked only by profiles that
 * name its USB ids, one that announced itself on the network by those that name its service: bytes sent to some other
 * ship's instrument are not harmless. A port that a site
 * document or a person named is asked by every profile of its kind.
 */
export function candidatesFor(
  port: SeenPort,
  profiles: readonly Profile[],
  drivers: readonly Driver[],
  likely: string | null,
): readonly Candidate[] {
  const { scheme } = parseAddress(port.address)
  const kind = linkKindOf(port.address)
  // A simulated device is one at a serial port.
  const link = kind === 'memory' ? 'serial' : kind
  const found = profiles.flatMap((profile) =>
    profile.drivers.flatMap((binding): Candidate[] => {
      const driver = drivers.find(({ id }) => id === binding.driver)
      if (!driver || binding.link !== link || !mayBe(port, binding)) return []
      // A password is not sent in the clear to whoever answers.
      if (needsTls(binding) && scheme !== 'https') return []
      return [{ profile, binding, driver }]
    }),
  )
  const rank = ({ profile }: Candidate) => (profile.type === likely ? 0 : 1)
  return found.sort((a, b) => rank(a) - rank(b))
}

function mayBe(port: SeenPort, binding: DriverBinding): boolean {
  if (port.found === 'named') return true
  if (port.found === 'announced')
    return 'mdns' in binding && port.service !== undefined && (binding.mdns?.includes(port.service) ?? false)
  if (binding.link !== 'serial' && binding.link !== 'usb') return false
  return binding.usb.some(({ vid, pid }) => port.usb?.vid === vid && port.usb.pid === pid)
}

/** The services that devices of these profiles announce, and how one that does is spoken to. */
export function announcedBy(profiles: readonly Profile[]): readonly WantedService[] {
  const all = profiles.flatMap(({ drivers }) =>
    drivers.flatMap((binding): WantedService[] => {
      if (!('mdns' in binding)) return []
      const scheme = binding.link === 'http' && binding.tls ? 'https' : binding.link
      return (binding.mdns ?? []).map((type) => ({ type, scheme }))
    }),
  )
  return [...new Map(all.map((service) => [`${service.scheme} ${service.type}`, service])).values()]
}

/** Is the address plain, and would a device of ours have been looked for there had it not been? */
export function onlyByTls(port: SeenPort, profiles: readonly Profile[]): boolean {
  return (
    parseAddress(port.address).scheme === 'http' &&
    profiles.some(({ drivers }) => drivers.some((binding) => needsTls(binding)))
  )
}

function needsTls(binding: DriverBinding): boolean {
  return binding.link === 'http' && binding.tls !== undefined
}

/** How its link is opened. The host keys of one device, from its site document, count more than those of its type. */
export function openOptionsOf(binding: DriverBinding, port: SeenPort, login: Credential | null): OpenOptions {
  if (binding.link === 'serial') return { baud: binding.baud }
  if (binding.link === 'ssh') return { ssh: { hostKeys: port.hostKeys ?? binding.hostKeys, login } }
  return binding.link === 'http' && binding.tls ? { tls: binding.tls } : {}
}

/** Links that are opened and talked to in the same way are one link: who listens to one cannot be called off. */
export function wayOf(binding: DriverBinding, port: SeenPort): string {
  const framing = binding.driver === 'smp' && binding.link === 'serial' ? (binding.framing ?? 'console') : null
  return JSON.stringify([openOptionsOf(binding, port, null), framing])
}

/** Whether the profile is for a device whose endpoint 0 is talked to, and that lies on the bus with these ids. */
export function knowsUsbDevice(profile: Profile, vid: string, pid: string): boolean {
  return profile.drivers.some(
    (binding) => binding.link === 'usb' && binding.usb.some((place) => place.vid === vid && place.pid === pid),
  )
}
