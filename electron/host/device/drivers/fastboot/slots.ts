import { AppError } from '../../../../../shared/errors.ts'

const LETTERS = ['a', 'b'] as const
export type SlotLetter = (typeof LETTERS)[number]

/** What a device tells of its two slots. */
export interface SlotState {
  /** From which it would start. */
  readonly current: string | null
  /** Whether each has run and said that it is well: `yes`, `no`. */
  readonly successful: Readonly<Record<SlotLetter, string | null>>
}

/**
 * The slot that does not hold the version to fall back to. It is the same before and after the device was told to
 * start from it, so that asking again after a crash changes nothing. Throws `device.no-slot` when the device tells too little.
 */
export function slotToWrite({ current, successful }: SlotState): SlotLetter {
  const now = current?.replace(/^_/, '')
  const [here, there] = now === 'a' ? LETTERS : now === 'b' ? (['b', 'a'] as const) : [null, null]
  if (!here) throw tooLittle('current-slot')
  if (successful[here] === 'yes') return there
  // It was told to start from a slot that has not run well yet: that is the new one, if the other is well.
  if (successful[here] === 'no' && successful[there] === 'yes') return here
  throw tooLittle('slot-successful')
}

function tooLittle(reason: string): AppError {
  return new AppError('device.no-slot', { detail: { reason } })
}
