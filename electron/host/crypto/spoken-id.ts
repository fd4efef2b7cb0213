import { randomBelow } from './random.ts'

/** Letters and digits that cannot be taken for each other over a phone or a radio: no I, L, O, U, 0 or 1. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A random name of eight characters, about 39 bits, that a person can read out: `7F3A-K9QX`. */
export function spokenId(): string {
  const pick = () => Array.from({ length: 4 }, () => ALPHABET[randomBelow(ALPHABET.length)]).join('')
  return `${pick()}-${pick()}`
}
