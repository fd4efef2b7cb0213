import type { Finding, FindingLevel } from '../../../../shared/contract/doctor.ts'
import { answerFindings } from './answer-findings.ts'
import type { DoctorFacts, PortFacts } from './facts.ts'
import { finding } from './finding.ts'
import { lineFindings } from './line-findings.ts'
import { networkFindings } from './network-findings.ts'

/** ms: at FTDI's default of 16 a stop-and-wait protocol waits longer for each answer than for the bytes. */
const LATENCY_OK_MS = 2

const ORDER: readonly FindingLevel[] = ['fault', 'notice', 'unknown', 'fine']

/**
 * What the facts mean, what is wrong first. A fact that could not be had becomes an `unknown` finding where it might
 * have mattered, and never a conclusion.
 */
export function findingsOf(facts: DoctorFacts): Finding[] {
  const found = [
    ...answerFindings(facts),
    ...facts.ports.flatMap((port) => portFindings(port, facts)),
    ...usbFindings(facts),
    ...networkFindings(facts),
    ...lineFindings(facts),
    ...machineFindings(facts),
  ]
  if (found.every(({ level }) => level === 'fine')) found.push(finding('nothing-found', 'fine'))
  return found.toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
}

function portFindings(port: PortFacts, facts: DoctorFacts): Finding[] {
  const { path, exists, allowed, group, holders, latencyMs } = port
  if (exists.known && !exists.value) return [finding('port-gone', 'fault', { path })]
  const found: Finding[] = []
  if (!exists.known || !allowed.known) found.push(finding('cannot-tell', 'unknown', { what: path }))
  else if (!allowed.value) {
    const owner = group.known ? group.value : null
    found.push(finding('port-forbidden', 'fault', { path, group: owner, user: facts.user }))
  }
  const list = holders.known ? holders.value.list : []
  const hidden = holders.known ? holders.value.hidden : 0
  for (const { pid, program } of list) {
    const code = program === 'ModemManager' ? 'modem-manager-holds' : 'port-held'
    found.push(finding(code, 'fault', { path, program, pid: String(pid) }))
  }
  if (list.length === 0) {
    if (facts.answer?.state === 'busy') found.push(finding('port-held-unknown', 'fault', { path }))
    else if (!holders.known || hidden > 0) {
      found.push(finding('holders-unknown', 'unknown', { path, hidden: hidden || null }))
    }
  }
  if (latencyMs?.known && latencyMs.value > LATENCY_OK_MS) {
    found.push(finding('ftdi-latency', 'notice', { path, ms: latencyMs.value }))
  }
  return found
}

function usbFindings({ usb, platform, answer, user }: DoctorFacts): Finding[] {
  if (!usb) return []
  const { place, vid, pid, exists, allowed } = usb
  const ids = vid !== null && pid !== null ? `${vid}:${pid}` : null
  if (exists.known && !exists.value) return [finding('usb-gone', 'fault', { place })]
  const code = answer?.reason?.code
  if (platform === 'win32' && code === 'link.unsupported') {
    return [finding('winusb-missing', 'fault', { place, ids })]
  }
  if (allowed.known && !allowed.value) return [finding('usb-forbidden', 'fault', { place, ids, user })]
  if (code === 'link.busy') return [finding('usb-held', 'fault', { place, ids })]
  return allowed.known ? [] : [finding('cannot-tell', 'unknown', { what: place })]
}

function machineFindings(facts: DoctorFacts): Finding[] {
  const { address, ports, usbBus, udev, modemManager } = facts
  const found: Finding[] = []
  const isWhole = address === null
  const holds = ports.some(
    ({ holders }) => holders.known && holders.value.list.some(({ program }) => program === 'ModemManager'),
  )
  if (ports.length > 0 && modemManager.known && modemManager.value !== null && !holds) {
    found.push(finding('modem-manager-runs', 'notice', { pid: String(modemManager.value) }))
  }
  const wantsUsb = isWhole || facts.usb !== null
  if (wantsUsb && usbBus.known && usbBus.value === null) {
    found.push(finding('no-usb-bus', facts.usb ? 'fault' : 'notice'))
  }
  if ((wantsUsb || ports.length > 0) && udev?.known && !udev.value) found.push(finding('no-udev', 'notice'))
  if (isWhole && ports.length === 0) found.push(finding('no-ports', 'notice'))
  return found
}
