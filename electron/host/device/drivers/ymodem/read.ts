import { AppError } from '../../../../../shared/errors.ts'
import type { DeviceStatus } from '../../../../../shared/model/device.ts'
import type { Source } from '../../../../../shared/model/profile.ts'
import type { Device } from '../../driver.ts'
import { patternOf, pick } from '../../match.ts'
import type { Raw } from '../../readings.ts'
import { versionFrom } from '../../running-version.ts'
import type { ConsoleSession } from './session.ts'

/** Longest answer that is searched for a value, and longest stretch of a start. */
const MAX_ANSWER = 4096
const MAX_BANNER = 32 * 1024

/** What the device says for one source. Throws `reading.*`, `device.*`, `link.*`. */
export async function readSource(session: ConsoleSession, source: Source, signal: AbortSignal): Promise<Raw> {
  if (source.from === 'console') {
    const question = source[await session.attention(signal)]
    if (!question) throw new AppError('reading.unreadable', { detail: { reason: 'not-supported' } })
    const answer = await session.command(question.send, session.timing.answer, signal)
    return pick(answer.slice(0, MAX_ANSWER), question.match, { command: question.send })
  }
  if (source.from === 'console.banner') {
    await session.attention(signal)
    return newest(session.console.heard.slice(-MAX_BANNER), source.match)
  }
  throw new AppError('link.unsupported', { detail: { driver: 'ymodem', source: source.from } })
}

/** The last place that matches: a device may have started more than once. */
function newest(heard: string, match: string): string {
  const found = [...heard.matchAll(patternOf(match, 'g'))].at(-1)
  const value = found?.[1] ?? found?.[0]
  if (value === undefined) throw new AppError('reading.missing', { detail: { reason: 'not-seen-starting' } })
  return value
}

/** What runs. In the boot loader nothing does, and what lies in the memory is not asked: it may be half of something. */
export async function readStatus(
  session: ConsoleSession,
  { profile }: Device,
  signal: AbortSignal,
): Promise<DeviceStatus> {
  const mode = await session.attention(signal)
  const versions: DeviceStatus['versions'] = {}
  for (const { id, version } of profile.components) {
    versions[id] =
      mode === 'bootloader' ? null : await versionFrom(() => readSource(session, version.source, signal), version.map)
  }
  return { mode, versions, slots: [] }
}
