import { isIPv4 } from 'node:net'
import { AppError, isAppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { YmodemBinding } from '../../../../../shared/model/ymodem-binding.ts'
import type { DatagramServer, OpenDatagramServer } from '../../../link/link.ts'
import { orAborted, throwIfAborted, within } from '../../../link/waiting.ts'
import { serveFile } from '../../../protocol/tftp/serve.ts'
import { pick } from '../../match.ts'
import type { LoadHooks, Piece } from './piece.ts'
import type { ConsoleSession } from './session.ts'
import { commandOf, runSteps } from './steps.ts'

const CTRL_C = '\u0003'
const SHOWN = 200
/** Longest wait of a timer, ms: the transfer itself says when it is over. */
const FOR_EVER = 0x7fff_ffff

/** What loading over the network needs of its surroundings. */
export interface NetworkOptions {
  readonly open: OpenDatagramServer
  /** A name that nobody guesses: letters and digits. */
  readonly fileName: () => string
}

export interface Network {
  readonly link: DatagramServer
  readonly fileName: () => string
  /** The boot loader's own address. */
  readonly device: string
}

type Tftp = NonNullable<YmodemBinding['load']['tftp']>

/**
 * Brings the boot loader's network up and opens the port from which it, and nobody else, will be served. Throws
 * `device.unexpected-answer` for an address that is none, `link.no-permission`, `link.not-found`, `link.busy`.
 */
export async function openNetwork(
  session: ConsoleSession,
  { prepare, device, port }: Tftp,
  options: NetworkOptions | null,
  signal: AbortSignal,
): Promise<Network> {
  if (!options) throw new AppError('link.unsupported', { detail: { protocol: 'tftp' } })
  // Nothing of an image is known to these steps.
  await runSteps(session, prepare, { address: 0, length: 0, version: '0', crc32: 0 }, () => {}, signal)
  const answer = await session.command(device.send, session.timing.answer, signal)
  const said = pick(answer, device.match, { command: device.send })
  if (!isHost(said)) {
    throw new AppError('device.unexpected-answer', { detail: { command: device.send, said: said.slice(0, SHOWN) } })
  }
  return { link: await options.open(said, port, signal), fileName: options.fileName, device: said }
}

/** IPv4, for boot loaders know no other; no group, no broadcast, not "none yet". */
function isHost(text: string): boolean {
  const [first = 0] = text.split('.').map(Number)
  return isIPv4(text) && first > 0 && first < 224
}

/** One transfer: a name for it alone, served as long as it lasts. */
export async function loadByTftp(
  session: ConsoleSession,
  { image, at, length, whole }: Piece,
  { link, fileName, device }: Network,
  hooks: LoadHooks,
  signal: AbortSignal,
): Promise<void> {
  const { binding, console: line, timing, clock } = session
  const { load } = binding
  const name = fileName()
  const facts = { address: Number(load.address) + at, length, version: image.version, crc32: 0 }
  const command = commandOf(load.send, facts, { server: link.address, port: link.port, file: name })
  const over = new AbortController()
  const during = AbortSignal.any([signal, over.signal])
  const file = {
    name,
    length,
    clock,
    patienceMs: durationMs(load.within),
    read: (offset: number, size: number) => image.read(at + offset, size),
    progress: (done: number) => hooks.progress(at + done),
    between: () => (whole ? hooks.between() : Promise.resolve(throwIfAborted(signal))),
  }
  await line.type(`${command}\r`, signal)
  const served = serveFile(link, file, during)
  const prompt = session.bootPrompt('', FOR_EVER, during)
  for (const one of [served, prompt]) one.catch(() => {})
  try {
    const said = await Promise.race([served.then(() => null), prompt])
    if (said === null) await within(timing.after, 'device.no-prompt', signal, (wait) => orAborted(prompt, wait))
    // Its prompt came first: the last acknowledgement is on its way, or it says why it gave up.
    else if (!(await isOverSoon(served, timing.chatter, signal))) {
      const shown = said.trim().slice(-SHOWN)
      throw new AppError('device.unexpected-answer', { detail: { command, said: shown, device } })
    }
  } catch (error) {
    await line.type(CTRL_C, AbortSignal.timeout(timing.after)).catch(() => {})
    throw error
  } finally {
    over.abort()
    await Promise.allSettled([served, prompt])
  }
}

async function isOverSoon(work: Promise<void>, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await within(ms, 'timeout', signal, (wait) => orAborted(work, wait))
    return true
  } catch (error) {
    if (signal.aborted || !isAppError(error, 'timeout')) throw error
    return false
  }
}
