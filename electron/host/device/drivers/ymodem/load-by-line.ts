import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import { sleep, throwIfAborted } from '../../../link/waiting.ts'
import { type ModemFile, sendFile } from '../../../protocol/ymodem/send.ts'
import type { LoadHooks, Piece } from './piece.ts'
import { type ConsoleSession, ESCAPE } from './session.ts'
import { commandOf } from './steps.ts'

const SHOWN = 120
/** What U-Boot waits for once its line has another speed. */
const ENTER = '\r'
/** U-Boot sets its speed 50 ms after it has said so, and listens 50 ms later. */
const SETTLE_MS = 150

/** One transfer over the console's own line, by XMODEM or YMODEM. */
export async function loadByLine(
  session: ConsoleSession,
  { image, at, length, whole }: Piece,
  small: boolean,
  hooks: LoadHooks,
  signal: AbortSignal,
): Promise<void> {
  const { load, baud } = session.binding
  const { console: line, timing, clock } = session
  const facts = { address: Number(load.address) + at, length, version: image.version, crc32: 0 }
  const command = commandOf(load.send, facts)
  const { protocol } = load
  if (protocol === 'tftp') throw new AppError('link.unsupported', { detail: { protocol } })
  const file: ModemFile = {
    protocol,
    name: 'image.bin',
    length,
    read: (offset, size) => image.read(at + offset, size),
    small,
    byteMs: 10_000 / (load.speed?.baud ?? baud),
    patience: timing.send,
    clock,
    progress: (done) => hooks.progress(at + done),
    between: () => (whole ? hooks.between() : Promise.resolve(throwIfAborted(signal))),
  }
  await line.type(`${command}\r`, signal)
  if (!load.speed) {
    await said(session, load.ready, command, signal)
    await sendFile(line, file, signal)
  } else await atOtherSpeed(session, load.speed, command, file, signal)
  await session.bootPrompt('', timing.after, signal)
}

/** The line goes back to the console's own speed whatever happens: nobody would understand the device otherwise. */
async function atOtherSpeed(
  session: ConsoleSession,
  speed: NonNullable<ConsoleSession['binding']['load']['speed']>,
  command: string,
  file: ModemFile,
  signal: AbortSignal,
): Promise<void> {
  const { console: line, timing, binding } = session
  await said(session, speed.enter, command, signal)
  await line.setBaud(speed.baud, signal)
  try {
    await sleep(SETTLE_MS, signal)
    await line.type(ENTER, signal)
    await said(session, binding.load.ready, command, signal)
    await sendFile(line, file, signal)
    await said(session, speed.escape, command, signal)
  } catch (error) {
    // What it says at the end of a transfer that was broken off decides nothing: it has to hear us again.
    if (!isAppError(error, 'link.lost')) await hearOut(session, speed.escape)
    throw error
  } finally {
    const patience = AbortSignal.timeout(timing.after)
    await line.setBaud(binding.baud, patience).catch(() => {})
    await sleep(SETTLE_MS, patience).catch(() => {})
    await line.type(ESCAPE, patience).catch(() => {})
  }
}

async function hearOut({ console: line, timing }: ConsoleSession, text: string): Promise<void> {
  const patience = AbortSignal.timeout(timing.after)
  await line.listen(timing.after, timing.after, (heard) => heard.includes(text), patience).catch(() => '')
}

/** Waits for a text that says so, where there is one. What follows it belongs to the transfer. */
async function said(
  session: ConsoleSession,
  text: string | undefined,
  command: string,
  signal: AbortSignal,
): Promise<void> {
  const { load, prompts } = session.binding
  if (text === undefined) return
  const heard = await session.console.readUpTo(text, [prompts.bootloader], durationMs(load.within), signal)
  if (heard.includes(text)) return
  if (heard === '') throw new AppError('device.no-answer', { detail: { command } })
  throw new AppError('device.unexpected-answer', { detail: { command, said: heard.trim().slice(-SHOWN) } })
}
