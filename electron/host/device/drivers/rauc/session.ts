import { AppError } from '../../../../../shared/errors.ts'
import type { RaucBinding } from '../../../../../shared/model/rauc-binding.ts'
import type { SshLink, SshOutcome } from '../../../link/link.ts'
import { pairOf, parseStatus, type RaucStatus, type SlotPair } from '../../../protocol/rauc/status.ts'
import type { Device } from '../../driver.ts'
import { askCommand, sshOf } from '../../ssh-source.ts'
import type { RaucTiming } from './timing.ts'

/** The shell's word for a program that is not there (POSIX 2.8.2). */
const NO_SUCH_PROGRAM = 127

/** RAUC's command line on one device. */
export class RaucSession {
  readonly device: Device
  readonly link: SshLink
  readonly binding: RaucBinding
  readonly timing: RaucTiming

  constructor(device: Device, timing: RaucTiming) {
    const { binding } = device
    if (binding.driver !== 'rauc') throw new AppError('link.unsupported', { detail: { driver: binding.driver } })
    this.device = device
    this.link = sshOf(device)
    this.binding = binding
    this.timing = timing
  }

  /** The program with its arguments. */
  argv(...args: readonly string[]): string[] {
    return [...this.binding.program, ...args]
  }

  /** Runs a command of RAUC that answers soon. */
  rauc(args: readonly string[], signal: AbortSignal): Promise<SshOutcome> {
    return askCommand(this.link, this.argv(...args), this.timing.request, signal)
  }

  /** Null: there is no RAUC on the device. Throws `device.refused` with its words, `device.bad-frame`. */
  async statusOrNone(signal: AbortSignal): Promise<RaucStatus | null> {
    const { code, stdout, stderr } = await this.rauc(['status', '--detailed', '--output-format=json'], signal)
    if (code === 0) return parseStatus(stdout)
    if (code === NO_SUCH_PROGRAM) return null
    throw new AppError('device.refused', { detail: { what: 'rauc status', code, said: tail(stderr) } })
  }

  async status(signal: AbortSignal): Promise<RaucStatus> {
    const status = await this.statusOrNone(signal)
    if (status) return status
    throw new AppError('device.refused', { detail: { what: 'rauc status', code: NO_SUCH_PROGRAM } })
  }

  async slots(signal: AbortSignal): Promise<SlotPair & { readonly primary: string | null }> {
    const status = await this.status(signal)
    return { ...pairOf(status, this.binding.slotClass), primary: status.primary }
  }
}

/** The end of what a program said, for an error. */
export function tail(said: string): string {
  return said.trim().slice(-300)
}
