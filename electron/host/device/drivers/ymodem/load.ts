import { AppError, isAppError } from '../../../../../shared/errors.ts'
import type { Image } from '../../driver.ts'
import { loadByLine } from './load-by-line.ts'
import { loadByTftp, type NetworkOptions, openNetwork } from './load-by-tftp.ts'
import type { LoadHooks } from './piece.ts'
import type { ConsoleSession } from './session.ts'

const CTRL_C = '\u0003'

/**
 * Brings an image into the device's memory, whole or in pieces. Nothing that stays is changed. Whatever ends it early,
 * the boot loader is brought back to its prompt first, where it can be.
 */
export async function loadImage(
  session: ConsoleSession,
  image: Image,
  hooks: LoadHooks,
  network: NetworkOptions | null,
  signal: AbortSignal,
): Promise<void> {
  const { piece = image.length, tftp } = session.binding.load
  const server = tftp ? await openNetwork(session, tftp, network, signal) : null
  try {
    for (let at = 0; at < image.length; at += piece) {
      const length = Math.min(piece, image.length - at)
      const part = { image, at, length, whole: length === image.length }
      await hooks.between()
      const move = (small: boolean) =>
        transfer(session, signal, () =>
          server ? loadByTftp(session, part, server, hooks, signal) : loadByLine(session, part, small, hooks, signal),
        )
      await inSmallerBlocks(session, move)
    }
  } finally {
    await server?.link.close()
  }
}

/** Tries again in small blocks where the line keeps spoiling large ones. */
async function inSmallerBlocks(session: ConsoleSession, move: (small: boolean) => Promise<void>): Promise<void> {
  try {
    await move(false)
  } catch (error) {
    const isSpoilt = isAppError(error, 'device.write-failed') && error.detail.reason === 'rejected'
    if (!isSpoilt || session.binding.load.protocol === 'xmodem') throw error
    await move(true)
  }
}

/** Whatever comes of it, the console is nobody else's meanwhile, and the boot loader is brought back to its prompt. */
async function transfer(session: ConsoleSession, signal: AbortSignal, move: () => Promise<void>): Promise<void> {
  if ((await session.attention(signal)) !== 'bootloader') {
    throw new AppError('device.refused', { detail: { what: 'write', reason: 'not-in-boot-loader' } })
  }
  session.unsettle()
  session.loading = true
  try {
    await session.console.drain(signal)
    await move()
  } catch (error) {
    if (!isAppError(error, 'link.lost')) await backToPrompt(session)
    throw error
  } finally {
    session.loading = false
  }
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
