import type { AgeSealer } from '../crypto/age-seal.ts'
import type { EntryDraft } from './recorder.ts'

/** What an entry's detail may take, bytes of JSON. More is cut to a note that says so. */
export const MAX_DETAIL_BYTES = 48 * 1024
const KEPT_OF_TOO_LONG = 4000
const NOTHING = new Uint8Array()

/**
 * The sealed part of an entry: its detail as JSON in an age file, or no bytes when there is no detail
 * or nobody is known yet who may read it.
 */
export async function sealDetail(detail: EntryDraft['detail'], sealer: AgeSealer | null): Promise<Uint8Array> {
  if (detail === undefined || sealer === null) return NOTHING
  return await sealer.seal(Buffer.from(bounded(JSON.stringify(detail)), 'utf8'))
}

function bounded(json: string): string {
  const bytes = Buffer.byteLength(json, 'utf8')
  if (bytes <= MAX_DETAIL_BYTES) return json
  return JSON.stringify({ tooLong: bytes, begins: json.slice(0, KEPT_OF_TOO_LONG).toWellFormed() })
}
