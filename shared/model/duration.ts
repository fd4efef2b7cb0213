import { z } from 'zod'

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const PATTERN = /^(\d{1,9})(ms|s|m|h|d)$/

/** A length of time as documents write it: `500ms`, `5s`, `30m`, `12h`, `40d`. */
export const DurationText = z.string().regex(PATTERN, 'a duration such as 500ms, 5s, 30m, 12h or 40d')
export type DurationText = z.infer<typeof DurationText>

/** Milliseconds in a {@link DurationText}. Throws `RangeError` on text the schema would refuse. */
export function durationMs(text: DurationText): number {
  const match = PATTERN.exec(text)
  if (!match) throw new RangeError(`not a duration: ${text}`)
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}
