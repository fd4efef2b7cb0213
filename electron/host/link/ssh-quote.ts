/** Needs no quotes in any POSIX shell, wherever in a command it stands. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/

/**
 * One command line for the device's shell, of a program and its arguments: each arrives as it stands here. Between
 * single quotes nothing but a single quote means anything (POSIX 2.2.2, Shell Command Language).
 */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quote).join(' ')
}

function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
