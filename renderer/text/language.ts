/** The languages the product speaks, by the code that settings carry. */
export const LANGUAGES = ['en', 'de', 'no', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/** What each language calls itself, so that a reader of it finds it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  no: 'Norsk',
  es: 'Español',
}

/** BCP 47 tags for `Intl` and for the `lang` attribute of the page. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', no: 'nb-NO', es: 'es-ES' }

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text)
}
