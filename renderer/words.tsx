import { createContext, type ReactNode, useContext } from 'react'
import type { ErrorData } from '../shared/errors.ts'
import { type ErrorText, errorText } from './text/error-text.ts'
import { type Voice, voice } from './text/say.ts'

export interface Words extends Voice {
  /** What an error means, why, and what to do. */
  readonly explain: (error: ErrorData) => ErrorText
}

export function wordsOf(spoken: Voice): Words {
  return { ...spoken, explain: (error) => errorText(error, spoken.language, spoken.formats) }
}

const WordsContext = createContext<Words>(wordsOf(voice('en')))

export function WordsProvider(props: { readonly words: Words; readonly children: ReactNode }) {
  return <WordsContext value={props.words}>{props.children}</WordsContext>
}

/** The words of the person's language. */
export function useWords(): Words {
  return useContext(WordsContext)
}
