import type { ErrorCode } from '../../shared/errors.ts'
import type { Phase } from '../../shared/model/run.ts'

/** What a script can branch on. Documented in README.md; a number never changes its meaning. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notAllowed: 3,
  refused: 4,
  device: 5,
  trust: 6,
  unknown: 7,
  needsPerson: 8,
  noHost: 9,
  network: 10,
  storage: 11,
  oldVersionKept: 12,
  interrupted: 130,
} as const

/** By the area of a code, the part before its first dot. */
const BY_AREA: Readonly<Record<string, number>> = {
  people: EXIT.notAllowed,
  plan: EXIT.refused,
  condition: EXIT.refused,
  reading: EXIT.refused,
  check: EXIT.refused,
  device: EXIT.device,
  link: EXIT.device,
  trust: EXIT.trust,
  document: EXIT.trust,
  artifact: EXIT.trust,
  audit: EXIT.trust,
  host: EXIT.noHost,
  sync: EXIT.network,
  store: EXIT.storage,
  disk: EXIT.storage,
  file: EXIT.storage,
}

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  'rpc.bad-input': EXIT.usage,
  'rpc.unknown-method': EXIT.usage,
  'rpc.closed': EXIT.noHost,
  'rpc.unauthorised': EXIT.noHost,
  'rpc.version-mismatch': EXIT.noHost,
  'host.no-keystore': EXIT.storage,
  'run.device-busy': EXIT.refused,
  'run.console-battery': EXIT.refused,
  'run.override-not-allowed': EXIT.notAllowed,
  'people.second-person-needed': EXIT.needsPerson,
  cancelled: EXIT.interrupted,
}

export function exitCodeOf(code: ErrorCode): number {
  return BY_CODE[code] ?? BY_AREA[code.slice(0, code.indexOf('.'))] ?? EXIT.failed
}

/** How a run stands, for a script that waited for it. */
export function exitCodeOfRun(phase: Phase, needsPerson: boolean): number {
  if (phase === 'succeeded') return EXIT.ok
  if (phase === 'rolled-back' || phase === 'cancelled') return EXIT.oldVersionKept
  if (phase === 'unknown') return EXIT.unknown
  if (phase === 'failed') return EXIT.failed
  return needsPerson ? EXIT.needsPerson : EXIT.interrupted
}
