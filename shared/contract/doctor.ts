import { z } from 'zod'
import { Address } from '../model/site.ts'
import { call } from '../rpc/define.ts'
import { TypedText } from './finding.ts'

/** Everything that the connection doctor can find. What a person reads for it is in `renderer/text/<language>/doctor.ts`. */
export const FINDING_CODES = [
  // Who answers
  'answers',
  'not-asked',
  'being-asked',
  'no-answer',
  'someone-else',
  'no-profile',
  'no-identity',
  'no-prompt',
  'login-wanted',
  'not-trusted',
  'host-key-changed',
  'host-key-unknown',
  // A serial port
  'port-gone',
  'port-forbidden',
  'port-held',
  'port-held-unknown',
  'holders-unknown',
  'modem-manager-holds',
  'modem-manager-runs',
  'ftdi-latency',
  'wrong-speed',
  'other-talk',
  'nothing-heard',
  // Cables and hubs
  'damaged-frames',
  'breaks-off',
  'usb-stalls',
  'usb-timeouts',
  // USB
  'usb-gone',
  'usb-forbidden',
  'usb-held',
  'winusb-missing',
  'no-usb-bus',
  'no-udev',
  // The network
  'no-network',
  'name-unknown',
  'wrong-subnet',
  'unreachable',
  'nothing-listens',
  'network-silent',
  'port-open',
  // The machine as a whole
  'no-ports',
  'cannot-tell',
  'nothing-found',
] as const
export const FindingCode = z.enum(FINDING_CODES)
export type FindingCode = z.infer<typeof FindingCode>

/** `fault`: this keeps the device away; `notice`: it may; `unknown`: it could not be looked at; `fine`: it was, and is well. */
export const FindingLevel = z.enum(['fault', 'notice', 'unknown', 'fine'])
export type FindingLevel = z.infer<typeof FindingLevel>

export const Finding = z.object({
  code: FindingCode,
  level: FindingLevel,
  /** What was seen, to fill the sentence. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type Finding = z.infer<typeof Finding>

/** A rule by which Linux gives the device to who sits at the laptop. */
export const AccessRule = z.object({
  file: z.string(),
  text: z.string(),
  /** Whether this console may write it there itself. */
  writable: z.boolean(),
})
export type AccessRule = z.infer<typeof AccessRule>

export const Examination = z.object({
  address: Address.nullable(),
  /** Wall-clock ms. */
  at: z.number(),
  platform: z.string(),
  /** What is wrong first. */
  findings: z.array(Finding),
  rule: AccessRule.nullable(),
})
export type Examination = z.infer<typeof Examination>

export const doctor = {
  /**
   * Looks for what keeps a device at an address away; without one, at all ports of the laptop. Says nothing to any
   * device: opening a port may restart what is behind it. Throws `link.bad-address`.
   */
  examine: call('open', z.object({ address: TypedText.optional() }), Examination),
  /** Writes the rule of a fresh examination. Throws `file.unreadable`, `device.unknown` where no rule is called for. */
  writeRule: call('operator', z.object({ address: Address }), AccessRule),
}
