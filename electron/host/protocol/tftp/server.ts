import { encodeError, encodeOack, parseTftp, TFTP_ERROR, type TftpPacket } from './packets.ts'

/** RFC 1350 2: bytes in a block unless the client asks for others. */
const BLOCK = 512
/** RFC 2348: the least that may be asked for. The most that is given fits into an Ethernet packet: 1500 less 20, 8 and 4. */
const BLOCK_LEAST = 8
const BLOCK_MOST = 1468
/**
 * ms after which a packet is sent again, doubled each time up to the longest. An answer on a cable takes less than one;
 * the 5 s that boot loaders ask for (RFC 2349) would make every lost packet cost that, so that longer ones are not taken.
 */
const RESEND_FIRST_MS = 300
const RESEND_MOST_MS = 2000

/** The one file that is served. */
export interface TftpFile {
  readonly name: string
  readonly length: number
}

/**
 * The server's side of one transfer. `block` is the one that is out and not acknowledged; 0 stands for the answer to
 * the options. A file longer than 65535 blocks goes on with block number 0.
 */
interface Transfer {
  readonly port: number
  readonly blockSize: number
  readonly block: number
  readonly oack: Uint8Array | null
  readonly resendMs: number
  /** The client chose the pause before a packet is sent again. */
  readonly steady: boolean
  readonly answered: boolean
}

export type TftpState =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'sending'; readonly transfer: Transfer }
  | { readonly phase: 'done'; readonly transfer: Transfer }
  | { readonly phase: 'refused'; readonly code: number; readonly text: string }

export type TftpEvent =
  | { readonly kind: 'packet'; readonly port: number; readonly bytes: Uint8Array }
  /** Nothing came within {@link resendAfter}. */
  | { readonly kind: 'silence' }

/** What goes to the client: a packet, or a block of the file. */
export type TftpReply = { readonly port: number; readonly bytes: Uint8Array } | TftpBlock

export interface TftpBlock {
  readonly port: number
  readonly block: number
  readonly offset: number
  readonly length: number
}

export interface TftpTurn {
  readonly state: TftpState
  readonly reply: TftpReply | null
}

export const TFTP_START: TftpState = { phase: 'waiting' }

/** Bytes of the file that the client has acknowledged. */
export function acknowledgedBytes(state: TftpState, { length }: TftpFile): number {
  if (state.phase === 'done') return length
  if (state.phase !== 'sending') return 0
  return Math.min(length, Math.max(0, state.transfer.block - 1) * state.transfer.blockSize)
}

/** ms of silence after which to say so; null: there is nobody to send to. */
export function resendAfter(state: TftpState): number | null {
  return state.phase === 'sending' ? state.transfer.resendMs : null
}

/**
 * A TFTP server for exactly one file, read only. Pure. It answers from one port, so that a firewall has one rule, and
 * serves the request that came last: a boot loader that gave up asks again from another port. RFC 1350, 2347, 2348, 2349.
 */
export function tftpTurn(state: TftpState, file: TftpFile, event: TftpEvent): TftpTurn {
  if (event.kind === 'silence') return state.phase === 'sending' ? again(state.transfer, file) : stay(state)
  const packet = tryParse(event.bytes)
  if (!packet) return stay(state)
  switch (packet.kind) {
    case 'read':
      return request(state, file, event.port, packet)
    case 'write':
      return { state, reply: refuse(event.port, TFTP_ERROR.accessViolation, 'read only') }
    case 'ack':
      return acknowledge(state, file, event.port, packet.block)
    case 'error':
      if (state.phase !== 'sending' || state.transfer.port !== event.port) return stay(state)
      return stay({ phase: 'refused', code: packet.code, text: packet.text })
  }
  return packet satisfies never
}

function request(
  state: TftpState,
  file: TftpFile,
  port: number,
  { file: name, mode, options }: TftpPacket & { kind: 'read' },
): TftpTurn {
  // One name is served; of others it is not told whether they exist.
  if (name !== file.name) return { state, reply: refuse(port, TFTP_ERROR.notFound, 'File not found') }
  if (mode !== 'octet') return { state, reply: refuse(port, TFTP_ERROR.illegalOperation, 'octet only') }
  // The same request again: our answer was lost, and comes by itself.
  if (state.phase === 'sending' && state.transfer.port === port && !state.transfer.answered) return stay(state)
  const { taken, blockSize, resendMs } = agree(options, file)
  const oack = taken.size > 0 ? encodeOack(taken) : null
  const transfer: Transfer = {
    port,
    blockSize,
    block: oack ? 0 : 1,
    oack,
    resendMs: resendMs ?? RESEND_FIRST_MS,
    steady: resendMs !== null,
    answered: false,
  }
  return { state: { phase: 'sending', transfer }, reply: outgoing(transfer, file) }
}

function agree(options: ReadonlyMap<string, string>, { length }: TftpFile) {
  const taken = new Map<string, string>()
  const wanted = number(options.get('blksize'))
  const blockSize = wanted !== null && wanted >= BLOCK_LEAST ? Math.min(wanted, BLOCK_MOST) : BLOCK
  if (wanted !== null && wanted >= BLOCK_LEAST) taken.set('blksize', String(blockSize))
  if (options.has('tsize')) taken.set('tsize', String(length))
  const seconds = number(options.get('timeout'))
  const isShort = seconds !== null && seconds >= 1 && seconds * 1000 <= RESEND_MOST_MS
  if (isShort) taken.set('timeout', String(seconds))
  return { taken, blockSize, resendMs: isShort ? seconds * 1000 : null }
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function acknowledge(state: TftpState, file: TftpFile, port: number, block: number): TftpTurn {
  if (state.phase !== 'sending' || state.transfer.port !== port) return stay(state)
  const { transfer } = state
  // An old acknowledgement that comes again is not answered: every packet would be doubled from then on (RFC 1123 4.2.3.1).
  if (block !== (transfer.block & 0xffff)) return stay(state)
  const isLast = transfer.block > 0 && transfer.block * transfer.blockSize > file.length
  if (isLast) return stay({ phase: 'done', transfer })
  const resendMs = transfer.steady ? transfer.resendMs : RESEND_FIRST_MS
  const next: Transfer = { ...transfer, block: transfer.block + 1, resendMs, answered: true }
  return { state: { phase: 'sending', transfer: next }, reply: outgoing(next, file) }
}

function again(transfer: Transfer, file: TftpFile): TftpTurn {
  const resendMs = transfer.steady ? transfer.resendMs : Math.min(RESEND_MOST_MS, transfer.resendMs * 2)
  const next = { ...transfer, resendMs }
  return { state: { phase: 'sending', transfer: next }, reply: outgoing(next, file) }
}

function outgoing({ port, block, blockSize, oack }: Transfer, { length }: TftpFile): TftpReply {
  if (block === 0 && oack) return { port, bytes: oack }
  const offset = (block - 1) * blockSize
  return { port, block, offset, length: Math.min(blockSize, length - offset) }
}

function refuse(port: number, code: number, text: string): TftpReply {
  return { port, bytes: encodeError(code, text) }
}

function stay(state: TftpState): TftpTurn {
  return { state, reply: null }
}

function tryParse(bytes: Uint8Array): TftpPacket | null {
  try {
    return parseTftp(bytes)
  } catch {
    // A stranger's packet ends nothing.
    return null
  }
}
