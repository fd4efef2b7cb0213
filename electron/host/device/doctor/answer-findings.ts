import type { Finding, FindingCode } from '../../../../shared/contract/doctor.ts'
import type { DoctorFacts } from './facts.ts'
import { finding } from './finding.ts'

/** What the console was told when it asked who is there. Codes that other facts explain better are left to those. */
const BY_CODE: Readonly<Record<string, FindingCode>> = {
  'device.no-answer': 'no-answer',
  'device.bad-frame': 'no-answer',
  'device.not-mine': 'someone-else',
  'device.identity-changed': 'someone-else',
  'device.no-profile': 'no-profile',
  'device.identity-missing': 'no-identity',
  'device.no-prompt': 'no-prompt',
  'device.unauthorised': 'login-wanted',
  'link.untrusted': 'not-trusted',
  'link.host-key-changed': 'host-key-changed',
  'link.host-key-unknown': 'host-key-unknown',
}

/** Facts of an error that its finding shows. */
const SHOWN = ['expected', 'seen', 'reason'] as const

export function answerFindings({ address, answer, line }: DoctorFacts): Finding[] {
  if (address === null) return []
  if (!answer) return [finding('not-asked', 'notice', { address })]
  if (answer.state === 'device') return [finding('answers', 'fine', { address, device: answer.device })]
  if (answer.state === 'trying' && !answer.reason) return [finding('being-asked', 'notice', { address })]
  const code = BY_CODE[answer.reason?.code ?? '']
  if (!code) return []
  const detail = Object.fromEntries(SHOWN.map((name) => [name, answer.reason?.detail[name] ?? null]))
  // Where a line says something, that tells more than the missing answer.
  const level = code === 'no-answer' && (line?.sample.length ?? 0) > 0 ? 'notice' : 'fault'
  return [finding(code, level, { address, ...detail })]
}
