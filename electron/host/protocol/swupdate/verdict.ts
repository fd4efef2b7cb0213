import { AppError, type ErrorCode } from '../../../../shared/errors.ts'
import type { DeviceMessage } from './messages.ts'

/** What the WebSocket has told since an upload began. */
export interface UpdateState {
  readonly phase: 'idle' | 'running' | 'success' | 'failure'
  /** Whose installation that is: SWUpdate tells everybody about everybody's, and names the file. */
  readonly whose: 'unknown' | 'ours' | 'other'
  /** An installation began after the upload did, and was not under way already. */
  readonly began: boolean
  /** Error texts, oldest first. */
  readonly errors: readonly string[]
  /** Parts of the installation that are done, 0..1. */
  readonly installed: number
}

export const NOT_BEGUN: UpdateState = { phase: 'idle', whose: 'unknown', began: false, errors: [], installed: 0 }

const ERROR_LEVEL = 3
const MAX_ERRORS = 50
const RUNNING = new Set(['RUN', 'DOWNLOAD', 'SUBPROCESS'])
/** The log's own word for a start: a package that is refused unread has no START among its states. */
const STARTED = /^software update started/i
/** Said at trace level alone, and the only words that a package without a signature gets. */
const UNSIGNED = /instead of sw-description\.sig/

/** What a device behind the device complains of, passed on at trace level (`swuforward`). */
const FORWARDED = /^\[callback_ws_swupdate\] : https?:\/\/\S+ : .*ERROR/

/**
 * Takes one message in. The streams of progress and of log interleave in any order, and stray states come shortly
 * before a failure: only START, SUCCESS and FAILURE decide. The words of a verdict may come after it. `name`: the
 * file name of our upload, like no other.
 */
export function nextState(state: UpdateState, message: DeviceMessage, name: string): UpdateState {
  switch (message.type) {
    case 'text':
      return heardText(state, message.level, message.text)
    case 'info':
      return heardName(state, message.text, name)
    case 'step': {
      const { step, of, percent } = message
      if (isOver(state) || of < 1 || step < 1) return state
      const done = Math.min(1, (step - 1 + Math.min(percent, 100) / 100) / of)
      return { ...state, phase: 'running', installed: Math.max(state.installed, done) }
    }
    case 'status':
      return heardStatus(state, message.status)
  }
}

function heardText(state: UpdateState, level: number, text: string): UpdateState {
  if (STARTED.test(text)) return { ...state, began: true, errors: [] }
  const tells = level === ERROR_LEVEL || UNSIGNED.test(text) || FORWARDED.test(text)
  return tells && state.errors.length < MAX_ERRORS ? { ...state, errors: [...state.errors, text] } : state
}

function heardName(state: UpdateState, text: string, name: string): UpdateState {
  if (text.startsWith(name)) return { ...state, whose: 'ours' }
  const isName = text !== '' && !text.startsWith('{')
  return isName && state.whose === 'unknown' ? { ...state, whose: 'other' } : state
}

function heardStatus(state: UpdateState, status: string): UpdateState {
  if (isOver(state) && state.whose === 'ours') return state
  // Errors stay: the log may run ahead of the states.
  if (status === 'START') return { ...state, phase: 'running', whose: 'unknown', began: true, installed: 0 }
  if (status === 'FAILURE') return { ...state, phase: 'failure' }
  if (isOver(state)) return state
  if (RUNNING.has(status)) return { ...state, phase: 'running' }
  // Before anything ran it is somebody else's.
  if (status === 'SUCCESS' && state.phase === 'running') return { ...state, phase: 'success', installed: 1 }
  return state
}

/** Does the log say that the next upload would be taken? After a verdict the device tidies up first. */
export function isReady(message: DeviceMessage): boolean {
  return message.type === 'text' && /^waiting for requests/i.test(message.text)
}

/** Does the device say that no installation runs any more? */
export function saysIdle(message: DeviceMessage): boolean {
  if (message.type === 'text') return isReady(message)
  return message.type === 'status' && ['SUCCESS', 'FAILURE', 'DONE', 'IDLE'].includes(message.status)
}

function isOver({ phase }: UpdateState): boolean {
  return phase === 'success' || phase === 'failure'
}

/**
 * What that proves of our upload; null: nothing yet. A success is ours when the device names our file, or has taken
 * our upload (it installs one at a time). A failure is ours too when it began after our upload: packages that are
 * refused unread are never named.
 */
export function verdictOf(
  { phase, whose, began }: UpdateState,
  upload: 'sending' | 'received' | 'broken',
): 'success' | 'failure' | null {
  if (whose === 'other' || (phase !== 'success' && phase !== 'failure')) return null
  if (whose === 'ours' || upload === 'received') return phase
  return phase === 'failure' && began ? 'failure' : null
}

/** Words of SWUpdate's log that name the cause, in the order in which they are believed. */
const CAUSES: readonly [words: RegExp, code: ErrorCode, reason: string][] = [
  [/hash mismatch/i, 'device.image-corrupt', 'hash-mismatch'],
  [
    /authentication of all signatures failed|signature verification|signer's certificate|no signature/i,
    'device.signature-rejected',
    'signer',
  ],
  [UNSIGNED, 'device.signature-rejected', 'unsigned'],
  [/not compatible with hardware/i, 'device.incompatible', 'hardware'],
  [/^ERROR : No connection to https?:|couldn't connect to server/i, 'device.forward-failed', 'no-connection'],
  [/^ERROR : SWU transfer to https?:/, 'device.forward-failed', 'refused'],
  [/hash not set for/i, 'device.image-rejected', 'unbound'],
  [/no downgrading allowed/i, 'device.image-rejected', 'downgrade'],
  [/no reinstalling allowed/i, 'device.image-rejected', 'reinstall'],
  [/connection lost, no data|request timeout/i, 'device.write-failed', 'stalled'],
  [/no space left|not enough free space/i, 'device.write-failed', 'no-space'],
  [/cpio|checksum wrong/i, 'device.image-corrupt', 'archive'],
]

/**
 * Why an upload failed, as a coded error with the device's own words. SWUpdate has no words of error for a package
 * without a signature: it says "invalid or corrupted", and that there is none is known from the file. `signed`: null
 * where the file could not be read here.
 */
export function failure(errors: readonly string[], signed: boolean | null): AppError {
  const known = namedCause(errors)
  if (known) return known
  const last = said(errors.find((one) => one.trim() !== '') ?? '')
  if (signed === false) return new AppError('device.signature-rejected', { detail: { reason: 'unsigned', said: last } })
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
  return (
    text
      .replace(/^ERROR\s*:?\s*/i, '')
      // The function that says it, at trace level.
      .replace(/^\[\w+\]\s*:\s*/, '')
      .trim()
      .slice(0, 160)
  )
}
