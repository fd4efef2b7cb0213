import { AppError, type ErrorCode } from '../../../../shared/errors.ts'
import type { DeviceMessage } from './messages.ts'

/** What the WebSocket has told of one upload so far. */
export interface UpdateState {
  /** `idle` until the device begins; a success that comes before that is somebody else's. */
  readonly phase: 'idle' | 'running' | 'success' | 'failure'
  /** Error texts of this upload, oldest first. */
  readonly errors: readonly string[]
  /** Parts of the installation that are done, 0..1. */
  readonly installed: number
}

export const NOT_BEGUN: UpdateState = { phase: 'idle', errors: [], installed: 0 }

const ERROR_LEVEL = 3
const MAX_ERRORS = 50
const RUNNING = new Set(['START', 'RUN', 'DOWNLOAD', 'SUBPROCESS'])

/**
 * Takes one message in. The streams of progress and of log interleave in any order, and stray states come shortly
 * before a failure: only START, SUCCESS and FAILURE decide, and a verdict once given stays. Its words may come after it.
 */
export function nextState(state: UpdateState, message: DeviceMessage): UpdateState {
  if (message.type === 'text') {
    if (message.level !== ERROR_LEVEL || state.errors.length >= MAX_ERRORS) return state
    return { ...state, errors: [...state.errors, message.text] }
  }
  if (state.phase === 'success' || state.phase === 'failure') return state
  if (message.type === 'step') {
    const { step, of, percent } = message
    if (of < 1 || step < 1) return state
    const done = Math.min(1, (step - 1 + Math.min(percent, 100) / 100) / of)
    return { ...state, phase: 'running', installed: Math.max(state.installed, done) }
  }
  // Errors stay: the log may run ahead of the states, and this socket was opened for this upload.
  if (message.status === 'START') return { ...state, phase: 'running' }
  if (RUNNING.has(message.status)) return { ...state, phase: 'running' }
  if (message.status === 'SUCCESS' && state.phase === 'running') return { ...state, phase: 'success', installed: 1 }
  if (message.status === 'FAILURE') return { ...state, phase: 'failure' }
  return state
}

/** Words of SWUpdate's log that name the cause, in the order in which they are believed. */
const CAUSES: readonly [words: RegExp, code: ErrorCode, reason: string][] = [
  [/hash mismatch/i, 'device.image-corrupt', 'hash-mismatch'],
  [
    /authentication of all signatures failed|signature verification|signer's certificate|no signature/i,
    'device.signature-rejected',
    'signer',
  ],
  [/not compatible with hardware/i, 'device.incompatible', 'hardware'],
  [/no downgrading allowed/i, 'device.image-rejected', 'downgrade'],
  [/no reinstalling allowed/i, 'device.image-rejected', 'reinstall'],
  [/connection lost, no data|request timeout/i, 'device.write-failed', 'stalled'],
  [/no space left|not enough free space/i, 'device.write-failed', 'no-space'],
  [/cpio|checksum wrong/i, 'device.image-corrupt', 'archive'],
]

/**
 * Why an upload failed, as a coded error with the device's own words. SWUpdate has no words for a package without a
 * signature: it says "invalid or corrupted", and that there is none is known from the file (`signed`).
 */
export function failure(errors: readonly string[], signed: boolean): AppError {
  const known = namedCause(errors)
  if (known) return known
  const last = said(errors.find((one) => one.trim() !== '') ?? '')
  if (!signed) return new AppError('device.signature-rejected', { detail: { reason: 'unsigned', said: last } })
  return new AppError('device.image-rejected', { detail: { reason: 'other', said: last } })
}

/** The cause that the device's words name; null: they name none, or have not come yet. */
export function namedCause(errors: readonly string[]): AppError | null {
  for (const [words, code, reason] of CAUSES) {
    const text = errors.find((one) => words.test(one))
    if (text !== undefined) return new AppError(code, { detail: { reason, said: said(text) } })
  }
  return null
}

function said(text: string): string {
  return text
    .replace(/^ERROR\s*:?\s*/i, '')
    .trim()
    .slice(0, 160)
}
