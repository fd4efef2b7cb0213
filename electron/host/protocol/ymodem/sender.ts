import { ACK, type BlockCheck, type BlockSize, CAN, CRC_PLEASE, LARGE, NAK, SMALL } from './blocks.ts'

/**
 * The sender of XMODEM and YMODEM as a pure machine: what came in and how long nothing came decide what goes out.
 * The file has one name for the receiver's side of things: what is acknowledged counts, nothing else.
 */

/** `xmodem` has 128-byte blocks only. */
export type FileProtocol = 'xmodem' | 'xmodem-1k' | 'ymodem'

export interface SendState {
  readonly protocol: FileProtocol
  /** Bytes in the file. */
  readonly length: number
  readonly phase:
    | 'start' // waiting for the receiver's first byte
    | 'header' // block 0 is out
    | 'go' // block 0 was acknowledged; a `C` may come, and U-Boot's comes after seconds
    | 'data' // a data block is out
    | 'eot' // the end was told
    | 'next' // the end was acknowledged; a `C` asks for the next file
    | 'end' // "no more files" is out
    | 'done'
    | 'failed'
  readonly check: BlockCheck
  /** In `start`: a first byte came and nothing after it yet. Console text may hold a `C` anywhere. */
  readonly opening: boolean
  /** 1024-byte blocks. Never changed on the way: a lost acknowledgement would then move the file's bytes. */
  readonly large: boolean
  /** Number of the data block that is out, from 1, and where in the file it begins. */
  readonly number: number
  readonly offset: number
  /** Of what is out: complaints, and waits that ended with nothing. */
  readonly naks: number
  readonly silences: number
  /** What is out was sent more than once, so that its acknowledgement may come more than once. */
  readonly repeated: boolean
  /** Acknowledged, and further acknowledgements of the same are waited out. */
  readonly draining: boolean
  /** CANs in a row. One alone may be noise. */
  readonly cans: number
  readonly failure: SendFailure | null
}

export type SendFailure =
  /** Nobody asked for the file. */
  | 'never-asked'
  /** The receiver sent CAN CAN. */
  | 'cancelled'
  /** It went silent. */
  | 'silent'
  /** It complains of the same block again and again. */
  | 'rejected'

/** `early`: it came before what is out can have arrived, so it speaks of something before that. */
export type SendEvent =
  | { readonly type: 'byte'; readonly byte: number; readonly early: boolean }
  | { readonly type: 'silence' }

/** What must be sent now. A block is the file's bytes from `state.offset`, `blockSize(state)` of them at most. */
export type SendOrder = 'header' | 'block' | 'eot' | 'end'

export interface SendStep {
  readonly state: SendState
  readonly order: SendOrder | null
}

/** ms */
export interface SendPatience {
  /** For the first sign of the receiver. */
  readonly start: number
  /** For an acknowledgement. Receivers complain by themselves after 2 s (U-Boot) to 10 s. */
  readonly reply: number
  /** For the `C` after block 0. U-Boot's own comes after 4 s, but it takes blocks at once. */
  readonly go: number
  /** For the acknowledgement of the end: some write the last block to flash first. */
  readonly eot: number
  /** For the `C` after the end of the file, and for the end of the batch. */
  readonly next: number
  /** Without a byte (USB adapters hold them back for 16 ms), after which a first byte or a repeated acknowledgement counts as the last. */
  readonly settle: number
}

export const SEND_PATIENCE: SendPatience = {
  start: 15_000,
  reply: 10_000,
  go: 300,
  eot: 4_000,
  next: 3_000,
  settle: 40,
}

/** Waits in a row without an answer, after which the receiver is gone. */
const MOST_SILENCES = 3
/** Complaints about one block, after which the line is given up. */
const MOST_NAKS = 10
/** A rest shorter than this goes in small blocks: XMODEM pads the last block, and nobody can tell where it ends. */
const SMALL_REST = 7 * SMALL

/** `large`: whether 1024-byte blocks may be used, where the protocol has them. */
export function startSend(protocol: FileProtocol, length: number, large = true): SendState {
  return {
    protocol,
    length,
    phase: 'start',
    check: 'crc',
    opening: false,
    large: large && protocol !== 'xmodem',
    number: 0,
    offset: 0,
    naks: 0,
    silences: 0,
    repeated: false,
    draining: false,
    cans: 0,
    failure: null,
  }
}

/** Size of the data block that is out or due. */
export function blockSize({ large, check, length, offset }: SendState): BlockSize {
  return large && check === 'crc' && length - offset > SMALL_REST ? LARGE : SMALL
}

/** Bytes that the receiver has acknowledged. */
export function acknowledged({ offset, length }: SendState): number {
  return Math.min(offset, length)
}

/** How long to wait for the next byte, ms. */
export function patienceFor(state: SendState, patience: SendPatience): number {
  return state.opening || state.draining ? patience.settle : patience[WAITS[state.phase]]
}

const WAITS = {
  start: 'start',
  header: 'reply',
  go: 'go',
  data: 'reply',
  eot: 'eot',
  next: 'next',
  end: 'next',
  done: 'settle',
  failed: 'settle',
} as const satisfies Record<SendState['phase'], keyof SendPatience>

export function isOver({ phase }: SendState): boolean {
  return phase === 'done' || phase === 'failed'
}

/** What follows from one byte, or from a wait that ended with none. */
export function stepSend(state: SendState, event: SendEvent): SendStep {
  if (isOver(state)) return stay(state)
  if (event.type === 'silence') return onSilence(state)
  const { byte, early } = event
  const cans = byte === CAN ? state.cans + 1 : 0
  if (cans >= 2) return stay(fail(state, 'cancelled'))
  const counted = cans === state.cans ? state : { ...state, cans }
  return counted.draining ? stay(counted) : onByte(counted, byte, early)
}

function onByte(state: SendState, byte: number, early: boolean): SendStep {
  const isRequest = byte === CRC_PLEASE || byte === NAK
  if (state.phase === 'start') {
    // Only what nothing follows is the request; onSilence goes on from there.
    return stay({ ...state, opening: isRequest, ...(isRequest && { check: byte === NAK ? 'sum' : 'crc' }) })
  }
  if (state.phase === 'go') return isRequest ? send(state, 'data', 'block') : stay(state)
  if (state.phase === 'next') return isRequest ? send(state, 'end', 'end') : stay(state)
  if (byte === ACK) return onAck(state)
  // In CRC mode U-Boot complains with a `C`; one that was under way before the block is no complaint.
  return byte === NAK || (byte === CRC_PLEASE && !early) ? onNak(state) : stay(state)
}

function onSilence(state: SendState): SendStep {
  if (state.draining) return next({ ...state, draining: false })
  if (state.phase === 'start') {
    if (!state.opening) return stay(fail(state, 'never-asked'))
    const open = { ...state, opening: false }
    return state.protocol === 'ymodem' ? send(open, 'header', 'header') : firstBlock(open)
  }
  if (state.phase === 'go') return send(state, 'data', 'block')
  if (state.phase === 'next') return send(state, 'end', 'end')
  // All of the file and its end were acknowledged. A receiver that misses the end of the batch asks again by itself.
  if (state.phase === 'end') return stay({ ...state, phase: 'done' })
  const silences = state.silences + 1
  if (silences < MOST_SILENCES) return repeat({ ...state, silences })
  // XMODEM receivers are done with the acknowledgement of the end. Whoever checks the file has the last word.
  const isAllThere = state.phase === 'eot' && state.protocol !== 'ymodem'
  return stay(isAllThere ? { ...state, phase: 'done' } : fail(state, 'silent'))
}

function onAck(state: SendState): SendStep {
  return state.repeated ? stay({ ...state, draining: true }) : next(state)
}

/** What is out was acknowledged. */
function next(state: SendState): SendStep {
  if (state.phase === 'header') {
    const first = { ...state, number: 1 }
    return state.length === 0 ? send(first, 'eot', 'eot') : stay(fresh({ ...first, phase: 'go' }))
  }
  if (state.phase === 'data') {
    const sent = { ...state, offset: state.offset + blockSize(state), number: state.number + 1 }
    return sent.offset >= sent.length ? send(sent, 'eot', 'eot') : send(sent, 'data', 'block')
  }
  const isBatch = state.phase === 'eot' && state.protocol === 'ymodem'
  return stay(fresh({ ...state, phase: isBatch ? 'next' : 'done' }))
}

function onNak(state: SendState): SendStep {
  const naks = state.naks + 1
  if (naks >= MOST_NAKS) return stay(fail(state, 'rejected'))
  return repeat({ ...state, naks })
}

const ORDERS = { header: 'header', data: 'block', eot: 'eot', end: 'end' } as const

function repeat(state: SendState): SendStep {
  const order = state.phase in ORDERS ? ORDERS[state.phase as keyof typeof ORDERS] : null
  return { state: { ...state, repeated: true }, order }
}

function firstBlock(state: SendState): SendStep {
  const first = { ...state, number: 1 }
  return state.length === 0 ? send(first, 'eot', 'eot') : send(first, 'data', 'block')
}

function send(state: SendState, phase: SendState['phase'], order: SendOrder): SendStep {
  return { state: fresh({ ...state, phase }), order }
}

function fresh(state: SendState): SendState {
  return { ...state, naks: 0, silences: 0, repeated: false, draining: false }
}

function stay(state: SendState): SendStep {
  return { state, order: null }
}

function fail(state: SendState, failure: SendFailure): SendState {
  return { ...state, phase: 'failed', failure }
}
