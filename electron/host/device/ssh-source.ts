import { AppError } from '../../../shared/errors.ts'
import type { SshCommandSource } from '../../../shared/model/ssh-binding.ts'
import type { SshLink, SshOutcome } from '../link/link.ts'
import { within } from '../link/waiting.ts'
import type { Device } from './driver.ts'
import { pick } from './match.ts'
import { scalarAt } from './pointer.ts'
import type { Raw } from './readings.ts'

/** Longest answer that is searched for a value. */
const MAX_ANSWER = 64 * 1024

/** Throws `link.unsupported` for a link that is no login. */
export function sshOf({ link, binding }: Device): SshLink {
  if (link.kind === 'ssh') return link
  throw new AppError('link.unsupported', { detail: { driver: binding.driver, link: link.kind } })
}

/** Runs a command that answers soon. Throws `link.timeout`, `link.lost`, `device.*`. */
export function askCommand(
  link: SshLink,
  argv: readonly string[],
  timeout: number,
  signal: AbortSignal,
): Promise<SshOutcome> {
  return within(timeout, 'link.timeout', signal, (wait) => link.run(argv, { maxBytes: MAX_ANSWER }, wait))
}

/** What a program on the device writes. Throws `reading.missing` when it fails, `reading.unreadable`, `link.*`. */
export async function readCommand(
  link: SshLink,
  { argv, pointer, match }: SshCommandSource,
  timeout: number,
  signal: AbortSignal,
): Promise<Raw> {
  const { code, stdout } = await askCommand(link, argv, timeout, signal)
  const facts = { command: argv.join(' ') }
  if (code !== 0) throw new AppError('reading.missing', { detail: { ...facts, code } })
  if (pointer === undefined) return pick(stdout, match, facts)
  const value = scalarAt(stdout, pointer)
  return match === undefined ? value : pick(String(value), match, facts)
}
