import { isAppError } from '../../../../shared/errors.ts'
import { encodeBody } from './body.ts'
import type { SmpClient } from './client.ts'
import { GROUP, HEADER_SIZE } from './packet.ts'

const ECHO = 0
/** Two console lines, which is what Zephyr's UART transport and its shell buffer by default. */
const TWO_LINES = 182
/** ms that a device may take to echo, beside the time on the line. */
const TURNAROUND_MS = 700

/**
 * The longest packet up to `limit` that surely arrives. A device tells the size of its buffers, not how many lines it
 * can take at once while nobody empties them: a packet of many lines then never arrives, however often it is sent. Any
 * answer to an echo of that size will do, refusals too. `byteMs`: how long a byte is on the line.
 */
export async function packetRoom(
  client: SmpClient,
  limit: number,
  byteMs: number,
  signal: AbortSignal,
): Promise<number> {
  for (const size of sizesFrom(limit)) {
    // Base64, markers, and the way back.
    const timeout = Math.ceil(TURNAROUND_MS + 2 * 1.5 * size * byteMs)
    const body = { d: 'x'.repeat(size - HEADER_SIZE - encodeBody({ d: '' }).length - 2) }
    try {
      await client.exchange({ op: 'write', group: GROUP.os, id: ECHO, body }, { timeout, tries: 2 }, signal)
      return size
    } catch (error) {
      if (signal.aborted || !isAppError(error, 'device.no-answer')) throw error
    }
  }
  // Silent in every size: the transfer itself will say so.
  return limit
}

function sizesFrom(limit: number): readonly number[] {
  const sizes = [limit]
  for (let size = limit >> 1; size > TWO_LINES; size >>= 1) sizes.push(size)
  return limit > TWO_LINES ? [...sizes, TWO_LINES] : sizes
}
