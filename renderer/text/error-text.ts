import { type ErrorData, supportCode } from '../../shared/errors.ts'
import { errors as english } from './en/errors.ts'
import type { AllErrors } from './error-codes.ts'
import { fill } from './fill.ts'
import { createFormats, type Formats } from './format.ts'
import type { Language } from './language.ts'

/** An error in a person's words. */
export interface ErrorText {
  /** What happened and why, one or two sentences. */
  readonly what: string
  /** What to do now. */
  readonly next: string
  /** What support reads out: `E-LINK-LOST`. Shown small, never inside the sentence. */
  readonly code: string
}

const ERRORS: Partial<Readonly<Record<Language, AllErrors>>> = { en: english }

/** The words for a code in a language, filled from the error's `detail`. */
export function errorText(error: ErrorData, language: Language, formats: Formats = formatsOf(language)): ErrorText {
  const [what, next] = (ERRORS[language] ?? english)[error.code] ?? [error.code, '']
  return {
    what: fill(what, error.detail, formats),
    next: fill(next, error.detail, formats),
    code: supportCode(error.code),
  }
}

const cache = new Map<Language, Formats>()

function formatsOf(language: Language): Formats {
  const known = cache.get(language)
  if (known) return known
  const formats = createFormats(language)
  cache.set(language, formats)
  return formats
}
