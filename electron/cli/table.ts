import Table from 'cli-table3'

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/**
 * Text that does nothing but stand there: devices and documents name themselves, and a terminal
 * obeys control characters. Line breaks become spaces.
 */
export function plain(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
  )
}

/** Columns without lines, for people. Nothing at all for no rows. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return ''
  const made = new Table({
    head: head.map((title) => title.toUpperCase()),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) made.push(row.map(cell))
  return trimEnds(made.toString())
}

/** Names on the left, values on the right. */
export function list(pairs: readonly (readonly [name: string, value: unknown])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`.trimEnd()).join('\n')
}

export function cell(value: unknown): string {
  if (value === null || value === undefined) return '-'
  return plain(typeof value === 'string' ? value : JSON.stringify(value))
}

function trimEnds(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
