/** Names and values, one `name=value` a line: how the client, its scripts and its files tell things. */
export type Facts = ReadonlyMap<string, string>

const MAX_LINES = 1000
const MAX_VALUE = 1000

/** Reads such lines. Others are passed over; of two with the same name the first counts. */
export function parseFacts(text: string): Facts {
  const facts = new Map<string, string>()
  for (const line of text.split('\n', MAX_LINES)) {
    const split = line.indexOf('=')
    const name = line.slice(0, split).trim()
    if (split < 1 || name === '' || facts.has(name)) continue
    facts.set(
      name,
      printable(line.slice(split + 1))
        .trim()
        .slice(0, MAX_VALUE),
    )
  }
  return facts
}

/** Writes them the same way. A value stays one line. */
export function formatFacts(facts: Iterable<readonly [name: string, value: string]>): string {
  return [...facts].map(([name, value]) => `${name}=${printable(value)}\n`).join('')
}

/** Text of a device as it may be shown and stored: without control and direction characters. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
}
