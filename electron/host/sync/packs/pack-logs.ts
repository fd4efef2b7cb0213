import { createReadStream } from 'node:fs'
import { isAppError } from '../../../../shared/errors.ts'
import { Slug } from '../../../../shared/model/text.ts'
import type { NotTaken, Offered, OfferedBag, OfferedSegment, Outgoing } from '../../audit/carried/stick.ts'
import { waybillName } from '../../audit/carried/waybill.ts'
import { LOGS, type PackFolder, RECEIPTS } from './pack-folder.ts'
import { type PackArtifact, writePack } from './pack-writer.ts'

/** Consoles that one stick may carry something of, and names that each may have there: a stick is not endless. */
const MAX_CONSOLES = 256
const MAX_NAMES = 4000
const WAYBILL = /^(\d{1,15})-(\d{1,15})-\d{1,15}-[0-9a-f]{64}\.json$/
const BAG = /^[a-z0-9][a-z0-9._-]*\.json$/

/** What a folder offers of logs and receipts, in the order in which they are to be taken. Nothing is read of it yet. */
export async function offeredLogs(folder: PackFolder): Promise<Offered> {
  const refused: NotTaken[] = []
  const segments: OfferedSegment[] = []
  const bags: OfferedBag[] = []
  for (const { console, names } of await consolesIn(folder, LOGS, refused)) {
    for (const file of names.filter((name) => WAYBILL.test(name)).sort(inOrder)) {
      const name = file.slice(0, -'.json'.length)
      segments.push({
        console,
        name,
        waybill: (maxBytes) => folder.bytes([LOGS, console, file], maxBytes),
        open: () => folder.stream([LOGS, console, `${name}.age`], 0),
      })
    }
  }
  for (const { console, names } of await consolesIn(folder, RECEIPTS, refused)) {
    for (const name of names.filter((one) => BAG.test(one))) {
      bags.push({ console, name, bytes: (maxBytes) => folder.bytes([RECEIPTS, console, name], maxBytes) })
    }
  }
  return { segments, bags, refused }
}

/**
 * Writes logs and receipts onto a stick, beside whatever pack is there. Of this console's own segments only these stay
 * there; what others have put on it is not touched. Throws like {@link writePack}.
 */
export async function writeLogs(
  into: string,
  { console, segments, bags }: Outgoing,
  signal: AbortSignal,
): Promise<string> {
  const artifacts = segments.map(({ waybill, path }): PackArtifact => {
    const { segment: sha256, bytes: length } = waybill
    return {
      name: [LOGS, waybill.console, `${waybillName(waybill)}.age`],
      sha256,
      length,
      stream: () => createReadStream(path),
    }
  })
  const papers = segments.map(({ waybill }) => ({
    name: [LOGS, waybill.console, `${waybillName(waybill)}.json`],
    bytes: json(waybill),
  }))
  const receipts = bags.map((bag) => ({ name: [RECEIPTS, bag.console, `${bag.carrier}.json`], bytes: json(bag) }))
  const files = [...papers, ...receipts]
  return writePack({ into, artifacts, files, owns: [[LOGS, console]], signal, onProgress: () => {} })
}

async function consolesIn(folder: PackFolder, top: string, refused: NotTaken[]) {
  const found: { console: string; names: string[] }[] = []
  try {
    for (const console of await folder.names([top], MAX_CONSOLES)) {
      // What else lies there is nobody's log: what systems leave on sticks begins with a dot.
      if (!Slug.safeParse(console).success) continue
      try {
        found.push({ console, names: await folder.names([top, console], MAX_NAMES) })
      } catch (error) {
        if (!isAppError(error)) throw error
        refused.push({ target: `${top}/${console}`, reason: error.toData() })
      }
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    refused.push({ target: top, reason: error.toData() })
  }
  return found
}

/** By epoch and first entry, as numbers. */
function inOrder(a: string, b: string): number {
  const [, epochA = 0, firstA = 0] = WAYBILL.exec(a) ?? []
  const [, epochB = 0, firstB = 0] = WAYBILL.exec(b) ?? []
  return Number(epochA) - Number(epochB) || Number(firstA) - Number(firstB)
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
}
