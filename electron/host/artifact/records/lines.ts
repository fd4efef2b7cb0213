import { type ArtifactSource, stretch, unreadable } from '../source.ts'

/** The longest record of either hex format is 521 characters. */
const MAX_LINE = 1024

/** The lines of a text file that are not empty, each with its number. Ends may be LF or CR LF. Throws `artifact.unreadable`. */
export async function* linesOf(source: ArtifactSource): AsyncGenerator<readonly [text: string, number: number]> {
  let [rest, number] = ['', 0]
  for await (const block of stretch(source, 0, source.length)) {
    const lines = (rest + Buffer.from(block.buffer, block.byteOffset, block.length).toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      number += 1
      const text = checked(line, number)
      if (text !== '') yield [text, number]
    }
    if (rest.length > MAX_LINE) throw unreadable('line-too-long', { line: number + 1 })
  }
  const text = checked(rest, number + 1)
  if (text !== '') yield [text, number + 1]
}

function checked(line: string, number: number): string {
  if (line.length > MAX_LINE) throw unreadable('line-too-long', { line: number })
  return line.trimEnd()
}

/** The bytes of an even number of hex digits. Throws `artifact.unreadable`. */
export function hexBytes(digits: string, line: number): Buffer {
  const bytes = Buffer.from(digits, 'hex')
  // Buffer stops silently at the first character that is no digit.
  if (digits.length % 2 !== 0 || bytes.length !== digits.length / 2) throw unreadable('not-hex', { line })
  return bytes
}
