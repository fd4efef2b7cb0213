import { type ErrorData, supportCode } from '../../shared/errors.ts'
import { errors as german } from './de/errors.ts'
import { errors as english } from './en/errors.ts'
import type { AllErrors } from './error-codes.ts'
import { errors as spanish } from './es/errors.ts'
import { fill } from './fill.ts'
import { createFormats, type Formats } from './format.ts'
import type { Language } from './language.ts'
import { errors as norwegian } from './no/errors.ts'

/** An error in a person's words. */
export interface ErrorText {
  /** What happened and why, one or two sentences. */
  readonly what: string
  /** What to do now. */
  readonly next: string
  /** What support reads out: `E-LINK-LOST`. Shown small, never inside the sentence. */
  readonly code: string
}

export const ERRORS: Readonly<Record<Language, AllErrors>> = {
  en: english,
  de: german,
  no: norwegian,
  es: spanish,
}

/** The words for a code in a language, filled from the error's `detail`. */
export function errorText(error: ErrorData, language: Language, formats: Formats = formatsOf(language)): ErrorText {
  const [what, next] = ERRORS[language][error.code] ?? english[error.code] ?? [error.code, '']
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
