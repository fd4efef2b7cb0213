import { words as german } from './de/words.ts'
import { words as spanish } from './es/words.ts'
import { type Fact, type FactNames, fill } from './fill.ts'
import { createFormats, type FormatOptions, type Formats } from './format.ts'
import type { Language } from './language.ts'
import { words as norwegian } from './no/words.ts'
import { type Catalogue, english, type TextKey, type TextOf } from './words-of.ts'

type FactsFor<K extends TextKey> = { readonly [Name in FactNames<TextOf<K>>]: Fact | null | undefined }

/** A text of the interface by its key, with exactly the facts that its English form names. */
export type Say = <K extends TextKey>(
  key: K,
  ...facts: [FactNames<TextOf<K>>] extends [never] ? [] : [FactsFor<K>]
) => string

export interface Voice {
  readonly language: Language
  readonly formats: Formats
  readonly say: Say
}

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: english,
  de: german,
  no: norwegian,
  es: spanish,
}

/** All words of one language. */
export function voice(language: Language, options: FormatOptions = {}): Voice {
  const formats = createFormats(language, options)
  const catalogue = CATALOGUES[language]
  return {
    language,
    formats,
    say: (key, ...facts) => {
      // Only the first dot divides: the names of audit actions have dots of their own.
      const dot = key.indexOf('.')
      const section = key.slice(0, dot) as keyof Catalogue
      const name = key.slice(dot + 1)
      const text = (catalogue[section] as Readonly<Record<string, string>>)[name] ?? key
      return fill(text, facts[0] ?? {}, formats)
    },
  }
}
