import { AppError } from '../../../shared/errors.ts'

/** Whoever takes the laptop apart can guess as fast as Argon2 lets them: the passphrase must stand that. */
export const MIN_PASSPHRASE = 12
const MIN_DIFFERENT = 5

/** Throws `people.weak-passphrase` (with `min`) on what is too short, too uniform, or the name with something added. */
export function checkPassphrase(passphrase: string, name: string): void {
  const text = passphrase.normalize('NFC')
  const letters = Array.from(text)
  const weak =
    letters.length < MIN_PASSPHRASE ||
    new Set(letters).size < MIN_DIFFERENT ||
    stepwise(letters) > 0.6 ||
    withoutName(text, name).length < MIN_PASSPHRASE - 4
  if (weak) throw new AppError('people.weak-passphrase', { detail: { min: MIN_PASSPHRASE } })
}

/** The share of letters that follow their neighbour in the alphabet: all of `abcdef`, nearly all of `987654321098`. */
function stepwise(letters: readonly string[]): number {
  const codes = letters.map((letter) => letter.codePointAt(0) ?? 0)
  const steps = codes.slice(1).filter((code, i) => Math.abs(code - (codes[i] ?? 0)) <= 1)
  return steps.length / Math.max(1, codes.length - 1)
}

function withoutName(text: string, name: string): string {
  return name
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part.length > 2)
    .reduce((rest, part) => rest.replaceAll(part, ''), text.toLowerCase())
}
