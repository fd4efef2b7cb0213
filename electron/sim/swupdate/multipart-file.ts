/** The file name in the head of a body of one part; null while it has not come whole. */
export function fileNameIn(start: Buffer): string | null {
  const headEnd = start.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  return /filename="([^"]*)"/.exec(start.subarray(0, headEnd).toString('latin1'))?.[1] ?? ''
}

/**
 * The file in a body of one part, as SWUpdate finds it: after the first blank line, up to a fixed tail at the final
 * boundary. Null when there is no `filename`, or the tail is not the last thing in the body.
 */
export function fileIn(body: Buffer, contentType: string): Buffer | null {
  const boundary = /boundary=(\S+)/.exec(contentType)?.[1]
  const headEnd = body.indexOf('\r\n\r\n')
  if (boundary === undefined || headEnd < 0) return null
  const head = body.subarray(0, headEnd).toString('latin1')
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1')
  const end = body.length - tail.length
  if (!head.startsWith(`--${boundary}\r\n`) || !/filename="/.test(head)) return null
  return end >= headEnd + 4 && body.subarray(end).equals(tail) ? body.subarray(headEnd + 4, end) : null
}
