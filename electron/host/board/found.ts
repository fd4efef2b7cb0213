/** Words that a person typed to narrow a list: each must be found, in any order and any case. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

/** The items in whose text, which is in lower case, every word is found. */
export function found<T extends { readonly text: string }>(
  items: readonly T[],
  words: readonly string[],
): readonly T[] {
  return words.length === 0 ? items : items.filter(({ text }) => words.every((word) => text.includes(word)))
}
