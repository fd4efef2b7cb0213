import { lookup } from 'node:dns/promises'
import { parseAddress } from '../../link/address.ts'
import { type Knock, knockTcp, knockUdp } from '../../link/knock.ts'
import { orAborted } from '../../link/waiting.ts'
import { type Fact, known, type NetFacts, UNKNOWN } from './facts.ts'
import { errnoOf } from './system-files.ts'

/** ms: a neighbour that is not there is given up by the system after three seconds (ARP). */
const KNOCK_MS = 3500
const DEFAULT_PORTS: Readonly<Record<string, number>> = { udp: 1337, http: 80, https: 443, ssh: 22 }

/** Whether there is a way to a device on the network: a name, a network, somebody behind the port. Says nothing to it. */
export async function examineWay(address: string, signal: AbortSignal): Promise<NetFacts | null> {
  const parsed = parseAddress(address)
  if ('path' in parsed) return null
  const { host, scheme } = parsed
  const port = parsed.port ?? DEFAULT_PORTS[scheme] ?? 0
  const ip = await resolved(host, signal)
  if (!ip.known || ip.value === null) return { host, port, ip, knock: UNKNOWN }
  return { host, port, ip, knock: await knocked(ip.value, port, scheme, signal) }
}

async function resolved(host: string, signal: AbortSignal): Promise<Fact<string | null>> {
  try {
    return known((await orAborted(lookup(host), signal)).address)
  } catch (error) {
    if (signal.aborted) throw error
    return errnoOf(error) === 'ENOTFOUND' || errnoOf(error) === 'EAI_AGAIN' ? known(null) : UNKNOWN
  }
}

async function knocked(ip: string, port: number, scheme: string, signal: AbortSignal): Promise<Fact<Knock>> {
  // An empty datagram is no question; that nobody is behind the port is said by the machine (ICMP).
  if (scheme === 'udp') return known(await knockUdp(ip, port, new Uint8Array(), KNOCK_MS, signal))
  return known(await knockTcp(ip, port, KNOCK_MS, signal))
}
