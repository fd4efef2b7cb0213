import type { Clock } from '../../../../shared/clock.ts'
import { AppError, isAppError } from '../../../../shared/errors.ts'
import type { DatagramServer } from '../../link/link.ts'
import { within } from '../../link/waiting.ts'
import { blockReader, type ReadAt } from '../block-reader.ts'
import { encodeData } from './packets.ts'
import {
  acknowledgedBytes,
  resendAfter,
  TFTP_START,
  type TftpBlock,
  type TftpFile,
  type TftpReply,
  type TftpState,
  tftpTurn,
} from './server.ts'

export interface ServedFile extends TftpFile {
  readonly read: ReadAt
  readonly clock: Clock
  /** ms without a request, or without a block that is acknowledged, after which it is given up. */
  readonly patienceMs: number
  /** Bytes that the client has acknowledged. */
  progress(done: number): void
  /** Awaited twice a second at least. Its throw ends the transfer. */
  between(): Promise<void>
}

const BETWEEN_MS = 400

/**
 * Serves one file to the one client that `link` lets through, until it has acknowledged all of it. Throws
 * `device.write-failed` with the reason `no-request`, `stalled` or `refused` (by the client, with its words), `link.*`,
 * `artifact.corrupt`, or what `between` threw.
 */
export async function serveFile(link: DatagramServer, file: ServedFile, signal: AbortSignal): Promise<void> {
  const { clock } = file
  const read = blockReader(file.read, file.length)
  let state: TftpState = TFTP_START
  let moved = clock.monotonic()
  let looked = moved
  let sent = moved
  let done = -1
  const sendReply = async (reply: TftpReply) => {
    sent = clock.monotonic()
    await link.send(reply.port, 'bytes' in reply ? reply.bytes : await dataOf(reply, read), signal)
  }
  for (;;) {
    if (clock.monotonic() - looked >= BETWEEN_MS) {
      await file.between()
      looked = clock.monotonic()
    }
    const now = clock.monotonic()
    const resend = resendAfter(state)
    const due = resend === null ? Number.POSITIVE_INFINITY : sent + resend
    if (now - moved >= file.patienceMs) throw gaveUp(state, file)
    const event =
      now >= due
        ? ({ kind: 'silence' } as const)
        : await nextPacket(link, Math.min(due, looked + BETWEEN_MS, moved + file.patienceMs) - now, signal)
    if (!event) continue
    const turn = tftpTurn(state, file, event)
    state = turn.state
    if (turn.reply) await sendReply(turn.reply)
    // A client that begins anew is not further, however often it does.
    if (state.phase !== 'waiting' && acknowledgedBytes(state, file) > done) {
      moved = clock.monotonic()
      done = acknowledgedBytes(state, file)
      file.progress(done)
    }
    if (state.phase === 'done') return
    if (state.phase === 'refused') {
      const said = state.text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)
      throw new AppError('device.write-failed', { detail: { reason: 'refused', number: state.code, said } })
    }
  }
}

/** A block that is cut short would end the file. */
async function dataOf(reply: TftpBlock, read: ReadAt): Promise<Uint8Array> {
  const data = await read(reply.offset, reply.length)
  if (data.length === reply.length) return encodeData(reply.block, data)
  throw new AppError('artifact.corrupt', { detail: { off: reply.offset, got: data.length } })
}

/** Null: nothing came in time. */
async function nextPacket(link: DatagramServer, ms: number, signal: AbortSignal) {
  try {
    const packet = await within(Math.max(1, ms), 'timeout', signal, (wait) => link.receive(wait))
    return { kind: 'packet', ...packet } as const
  } catch (error) {
    if (signal.aborted || !isAppError(error, 'timeout')) throw error
    return null
  }
}

function gaveUp(state: TftpState, file: ServedFile): AppError {
  const done = acknowledgedBytes(state, file)
  const reason = state.phase === 'waiting' ? 'no-request' : 'stalled'
  return new AppError('device.write-failed', { detail: { reason, done, waitedMs: file.patienceMs } })
}
