import { AppError } from '../../../../../shared/errors.ts'
import { durationMs } from '../../../../../shared/model/duration.ts'
import type { ConsoleStep } from '../../../../../shared/model/ymodem-binding.ts'
import { patternOf } from '../../match.ts'
import type { ConsoleSession } from './session.ts'

/** What the image is, in the words of a script. */
export interface StepFacts {
  readonly address: number
  readonly length: number
  readonly version: string
  readonly crc32: number
}

/** Where a boot loader finds what is served to it. */
export interface ServedAt {
  readonly server: string
  readonly port: number
  readonly file: string
}

const SECTOR = 512
const SHOWN = 200

/**
 * A command with its placeholders filled in. Throws `artifact.unreadable` for a version that is no plain word: it
 * would be typed at a console.
 */
export function commandOf(text: string, { address, length, version }: StepFacts, served?: ServedAt): string {
  const hex = (value: number) => `0x${value.toString(16)}`
  const words: Readonly<Record<string, () => string>> = {
    address: () => hex(address),
    length: () => hex(length),
    blocks: () => hex(Math.ceil(length / SECTOR)),
    version: () => {
      if (!/^[\w.+-]{1,60}$/.test(version)) throw new AppError('artifact.unreadable', { detail: { reason: 'version' } })
      return version
    },
    ...(served && { server: () => served.server, port: () => String(served.port), file: () => served.file }),
  }
  return text.replaceAll(
    /\{(address|length|blocks|version|server|port|file)\}/g,
    (as, name: string) => words[name]?.() ?? as,
  )
}

/**
 * Whether the answer to a step is the one expected. Throws `device.unexpected-answer`, or `device.image-corrupt` for
 * a checksum that is not the image's.
 */
export function judgeAnswer(step: ConsoleStep, command: string, answer: string, facts: StepFacts): void {
  if (step.expect === undefined) return
  const found = patternOf(step.expect).exec(answer)
  if (!found) {
    throw new AppError('device.unexpected-answer', { detail: { command, said: answer.trim().slice(0, SHOWN) } })
  }
  if (!step.crc32) return
  const said = /^(?:0x)?([0-9a-f]{1,8})$/i.exec(found[1] ?? '')?.[1]
  const expected = facts.crc32.toString(16).padStart(8, '0')
  if (said?.toLowerCase().padStart(8, '0') === expected) return
  throw new AppError('device.image-corrupt', {
    detail: { reason: 'crc32', command, expected, found: found[1] ?? null },
  })
}

/** Runs a script at the boot loader's prompt, one command after the other. `done` hears how many have been. */
export async function runSteps(
  session: ConsoleSession,
  steps: readonly ConsoleStep[],
  facts: StepFacts,
  done: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const command = commandOf(step.send, facts)
    judgeAnswer(step, command, await session.command(command, durationMs(step.within), signal), facts)
    done(index + 1)
  }
}
