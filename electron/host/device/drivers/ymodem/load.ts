import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import { throwIfAborted } from '../../../link/waiting.ts'
import { sendFile } from '../../../protocol/ymodem/send.ts'
import type { Image } from '../../driver.ts'
import type { ConsoleSession } from './session.ts'
import { commandOf } from './steps.ts'

export interface LoadHooks {
  /** Bytes that are in the device's memory. */
  progress(done: number): void
  between(): Promise<void>
}

interface Piece {
  readonly at: number
  readonly length: number
  /** Whether the whole image goes in one transfer, so that wishes to stop must be heard during it. */
  readonly whole: boolean
}

const CTRL_C = '\u0003'
const SHOWN = 120

/**
 * Brings an image into the device's memory, whole or in pieces. Nothing that stays is changed. Whatever ends it early,
 * the boot loader is brought back to its prompt first, where it can be.
 */
export async function loadImage(
  session: ConsoleSession,
  image: Image,
  hooks: LoadHooks,
  signal: AbortSignal,
): Promise<void> {
  const { piece = image.length } = session.binding.load
  for (let at = 0; at < image.length; at += piece) {
    const length = Math.min(piece, image.length - at)
    await hooks.between()
    await loadPiece(session, image, { at, length, whole: length === image.length }, hooks, signal)
  }
}

/** Tries again in small blocks where the line keeps spoiling large ones. */
async function loadPiece(session: ConsoleSession, image: Image, piece: Piece, hooks: LoadHooks, signal: AbortSignal) {
  try {
    await transfer(session, image, piece, false, hooks, signal)
  } catch (error) {
    const isSpoilt = isAppError(error, 'device.write-failed') && error.detail.reason === 'rejected'
    if (!isSpoilt || session.binding.load.protocol === 'xmodem') throw error
    await transfer(session, image, piece, true, hooks, signal)
  }
}

async function transfer(
  session: ConsoleSession,
  image: Image,
  { at, length, whole }: Piece,
  small: boolean,
  hooks: LoadHooks,
  signal: AbortSignal,
): Promise<void> {
  const { load, baud } = session.binding
  const { console: line, timing, clock } = session
  const facts = { address: Number(load.address) + at, length, version: image.version, crc32: 0 }
  const command = commandOf(load.send, facts)
  if ((await session.attention(signal)) !== 'bootloader') {
    throw new AppError('device.refused', { detail: { what: 'write', reason: 'not-in-boot-loader' } })
  }
  session.unsettle()
  session.loading = true
  try {
    await line.drain(signal)
    await line.type(`${command}\r`, signal)
    await receiverReady(session, command, signal)
    const file = {
      protocol: load.protocol,
      name: 'image.bin',
      length,
      read: (offset: number, size: number) => image.read(at + offset, size),
      small,
      byteMs: 10_000 / baud,
      patience: timing.send,
      clock,
      progress: (done: number) => hooks.progress(at + done),
      between: () => (whole ? hooks.between() : Promise.resolve(throwIfAborted(signal))),
    }
    await sendFile(line, file, signal)
    await session.bootPrompt('', timing.after, signal)
  } catch (error) {
    if (!isAppError(error, 'link.lost')) await backToPrompt(session)
    throw error
  } finally {
    session.loading = false
  }
}

/** Waits for the text that says so, where there is one. What follows it belongs to the transfer. */
async function receiverReady(session: ConsoleSession, command: string, signal: AbortSignal): Promise<void> {
  const { load, prompts } = session.binding
  const { ready } = load
  if (ready === undefined) return
  const within = durationMs(load.within)
  const said = await session.console.readUpTo(ready, [prompts.bootloader], within, signal)
  if (said.includes(ready)) return
  if (said === '') throw new AppError('device.no-answer', { detail: { command } })
  throw new AppError('device.unexpected-answer', { detail: { command, said: said.trim().slice(-SHOWN) } })
}

/** A boot loader that was left in the middle of a transfer takes a moment to believe it. Whether it did is asked later. */
async function backToPrompt(session: ConsoleSession): Promise<void> {
  const patience = AbortSignal.timeout(session.timing.after)
  try {
    await session.bootPrompt('', session.timing.after / 2, patience)
  } catch {
    await session.console.type(CTRL_C, patience).catch(() => {})
    await session.bootPrompt('', session.timing.after / 2, patience).catch(() => {})
  }
}
