/**
 * What a serial console shows, as text. Pure: whatever bytes come, these end in a string.
 */

// Colours, cursor moves and titles (ECMA-48), then whatever else a terminal would not show.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f]/g

/** Console bytes as lines of text, without escapes and control characters. A line ends with a line feed. */
export function consoleText(raw: string): string {
  return raw.replace(ESCAPES, '').replace(INVISIBLE, '')
}

/** The prompt that stands alone on the last line; null: none of these does. */
export function promptAtEnd<P extends string>(text: string, prompts: readonly P[]): P | null {
  const last = text.slice(text.lastIndexOf('\n') + 1)
  return prompts.find((prompt) => prompt === last) ?? null
}

/** Whether the prompt began a line anywhere: somebody waited for a command then. */
export function showedPrompt(text: string, prompt: string): boolean {
  return `\n${text}`.includes(`\n${prompt}`)
}

/**
 * What a command made the console say: all between its echo and the prompt behind it. Null while the echo is not
 * there: the text then belongs to something before. Consoles break long echoes as they like, so that white space in
 * an echo does not count.
 */
export function answerTo(command: string, text: string, prompt: string): string | null {
  const letters = command.replaceAll(' ', '')
  for (let start = 0; start < text.length; start += 1) {
    const end = echoEnd(letters, text, start)
    if (end === null) continue
    const rest = text.slice(end)
    return rest.slice(0, Math.max(0, rest.length - prompt.length)).replace(/^[^\S\n]*\n?/, '')
  }
  return null
}

function echoEnd(letters: string, text: string, start: number): number | null {
  if (text[start] !== letters[0]) return null
  let at = start
  for (const letter of letters) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at += 1
    if (text[at] !== letter) return null
    at += 1
  }
  return at
}
