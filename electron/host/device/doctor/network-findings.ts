import type { Finding } from '../../../../shared/contract/doctor.ts'
import { isIn } from '../../link/own-networks.ts'
import type { DoctorFacts } from './facts.ts'
import { finding } from './finding.ts'

/** Whether there is a way to a device on the network, and how far it leads. */
export function networkFindings({ address, net, networks, answer }: DoctorFacts): Finding[] {
  if (!net) return address === null && networks.length === 0 ? [finding('no-network', 'notice')] : []
  if (answer?.state === 'device') return []
  const { host, ip, knock } = net
  // A name among numbers: no language writes it with separators.
  const port = String(net.port)
  const isLoopback = ip.known && /^(?:127\.|::1$)/.test(ip.value ?? '')
  if (networks.length === 0 && !isLoopback) return [finding('no-network', 'fault')]
  if (!ip.known) return [finding('cannot-tell', 'unknown', { what: host })]
  const at = ip.value
  if (at === null) return [finding('name-unknown', 'fault', { host })]
  if (!knock.known) return [finding('cannot-tell', 'unknown', { what: `${host}:${port}` })]
  if (knock.value === 'open') return [finding('port-open', 'fine', { host, port })]
  if (knock.value === 'refused') return [finding('nothing-listens', 'fault', { host, port })]
  // Nothing came back. A laptop that is in no network with the device asks the wrong cable.
  const isElsewhere = at.includes('.') && !isLoopback && !networks.some((network) => isIn(at, network))
  if (isElsewhere) {
    const own = networks.map(({ name, address: mine, prefix }) => `${name} ${mine}/${prefix}`).join(', ')
    return [finding('wrong-subnet', 'fault', { host, ip: at, own })]
  }
  return [finding(knock.value === 'unreachable' ? 'unreachable' : 'network-silent', 'fault', { host, port })]
}
