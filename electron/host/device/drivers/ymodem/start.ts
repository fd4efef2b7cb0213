import { AppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import { promptAtEnd } from '../../../protocol/console/text.ts'
import type { ConsoleSession } from './session.ts'

const SHOWN = 120

/**
 * From the application into the boot loader, by restarting it and stopping the boot loader on its way. Throws
 * `device.unexpected-answer` when the application does not restart, `device.no-prompt` when the boot loader could not
 * be stopped, `device.no-answer` when nothing came back.
 */
export async function enterBootLoader(session: ConsoleSession, signal: AbortSignal): Promise<void> {
  if ((await session.attention(signal)) === 'bootloader') return
  const { binding, console: line } = session
  const { enter } = binding
  line.forget()
  session.unsettle()
  await line.type(`${enter.send}\r`, signal)
  session.starts()
  const until = session.clock.monotonic() + durationMs(enter.within)
  const said = await catchIt(session, until, signal)
  const mode = session.modeIn(said)
  switch (mode) {
    case 'bootloader':
      // Keys that were pressed too often lie in front of the prompt: an empty line takes them away.
      session.arrived('bootloader')
      session.unsettle()
      if ((await session.attention(signal)) !== 'bootloader') throw notCaught(said)
      session.stored = 'untouched'
      return
    case 'application':
      session.arrived('application')
      throw enter.catch.on !== undefined && !said.includes(enter.catch.on)
        ? unexpected(enter.send, said)
        : notCaught(said)
    case null:
      if (said === '') throw new AppError('device.no-answer', { detail: { command: enter.send } })
      throw notCaught(said)
  }
}

/** Presses the key when the boot loader can be stopped, until its prompt is there or it is too late. Returns all that was said. */
async function catchIt(session: ConsoleSession, until: number, signal: AbortSignal): Promise<string> {
  const { binding, console: line, clock, timing } = session
  const { on, key } = binding.enter.catch
  const prompts = [binding.prompts.bootloader, binding.prompts.application]
  let said = ''
  let pressed = false
  // An application may show its prompt once more before it goes down.
  const isOver = (text: string) => {
    const prompt = promptAtEnd(text, prompts)
    return prompt === prompts[0] || (prompt !== null && on !== undefined && text.includes(on))
  }
  while (clock.monotonic() < until) {
    const seen = said
    said += await line.listen(timing.key, timing.key, (text) => isOver(seen + text), signal)
    if (isOver(said)) return said
    const mayStop = on === undefined ? said !== '' : said.includes(on) && !pressed
    if (!mayStop) continue
    pressed = true
    await line.type(key, signal)
  }
  return said
}

function notCaught(said: string): AppError {
  return new AppError('device.no-prompt', { detail: { reason: 'boot-loader-not-caught', said: said.slice(-SHOWN) } })
}

function unexpected(command: string, said: string): AppError {
  return new AppError('device.unexpected-answer', { detail: { command, said: said.slice(-SHOWN) } })
}

/**
 * Tells the boot loader to start the application. Resolves when it says something else than its prompt. Throws
 * `device.unexpected-answer` when the prompt comes back, `device.no-answer` when not even an echo does.
 */
export async function startApplication(session: ConsoleSession, signal: AbortSignal): Promise<void> {
  const { binding, console: line, timing } = session
  const { bootloader } = binding.prompts
  const command = binding.start.send
  await line.drain(signal)
  line.forget()
  session.starts()
  await line.type(`${command}\r`, signal)
  const isOver = (text: string) => text.includes('\n') && text.trimEnd().split('\n').length > 1
  const said = await line.listen(timing.goDown, timing.goDown, isOver, signal)
  if (said === '') throw new AppError('device.no-answer', { detail: { command } })
  const rest = await line.listen(timing.look, timing.look, () => false, signal)
  if (promptAtEnd(said + rest, [bootloader]) === null) return
  session.arrived('bootloader')
  throw unexpected(command, said + rest)
}
