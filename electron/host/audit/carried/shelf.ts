import { rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { Waybill } from '../../../../shared/model/audit.ts'
import { createHasher } from '../../crypto/hash.ts'
import type { CarriedQueries } from '../../store/carried.ts'
import { freeBytes } from '../../store/free-space.ts'
import { ensurePrivateDir, syncDir } from '../../store/private-files.ts'
import { storeError } from '../../store/store-error.ts'
import type { AuditRecorder } from '../recorder.ts'
import type { OfferedSegment } from './stick.ts'
import { checkWaybill, readWaybill } from './waybill.ts'

/** All that other consoles' logs may take here, bytes. What does not fit stays on its stick. */
export const CARRIED_LIMIT = 256 * 1024 * 1024
/** Segments that one console may have here: an honest one adds one a stick. */
const MAX_SEGMENTS = 1000
/** What the console's own work is always left on the disk, bytes. */
const RESERVE_BYTES = 64 * 1024 * 1024
const WAYBILL_BYTES = 16 * 1024
/** How every age file begins (age v1). */
const AGE = Buffer.from('age-encryption.org/v1\n')

export interface ShelfOptions {
  readonly rows: CarriedQueries
  readonly dir: string
  readonly console: string
  readonly recorder: AuditRecorder
  readonly now: () => number
  readonly limit?: number | undefined
  readonly reserveBytes?: number | undefined
}

/** Other consoles' sealed logs, kept here until the publisher has signed for them. */
export class Shelf {
  readonly #options: ShelfOptions

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  get limit(): number {
    return this.#options.limit ?? CARRIED_LIMIT
  }

  /**
   * Takes a segment along: first its waybill, then, into quarantine, its bytes; it has its name only once it is exactly
   * what its console signed. Null when there is nothing to take: our own, or here or delivered already. Throws
   * `audit.bad-waybill`, `audit.unknown-console`, `audit.bad-head`, `audit.carried-full`, `audit.bad-segment`,
   * `audit.truncated`, `file.not-found`, `disk.full`, `store.read-only`, `pack.*`, `cancelled`.
   */
  async take(
    offered: OfferedSegment,
    consoles: ReadonlyMap<string, string>,
    actor: string,
    signal: AbortSignal,
  ): Promise<Waybill | null> {
    const { rows, console, recorder, now } = this.#options
    if (offered.console === console) return null
    const papers = await offered.waybill(WAYBILL_BYTES)
    if (papers === null) throw new AppError('file.not-found', { detail: { path: `${offered.name}.json` } })
    const waybill = readWaybill(papers, offered)
    const { segment: id, epoch, first, last, bytes } = waybill
    const held = rows.segment(id)
    // What this disk lost is taken anew.
    const lost = held?.refused?.code === 'file.not-found'
    if ((held !== null && !lost) || rows.hasReceipt(id)) return null
    const key = consoles.get(waybill.console)
    if (key === undefined) throw new AppError('audit.unknown-console', { detail: { console: waybill.console } })
    checkWaybill(waybill, key)
    await this.#requireRoom(waybill)
    await this.#store(offered, waybill, signal)
    const detail = { console: waybill.console, epoch, first, last, bytes }
    try {
      await recorder.record({ actor, action: 'audit.taken-along', subject: id, detail }, () => {
        if (lost) rows.removeSegment(id)
        rows.addSegment(waybill, now())
      })
    } catch (error) {
      this.drop(id)
      throw error
    }
    return waybill
  }

  /** The file goes after its row did. A kill in between leaves an orphan, which the next start removes. */
  drop(id: string): void {
    rmSync(join(this.#options.dir, id), { force: true })
  }

  async #requireRoom({ console, bytes }: Waybill): Promise<void> {
    const { rows, dir, reserveBytes = RESERVE_BYTES } = this.#options
    const loads = rows.loads()
    const used = loads.reduce((sum, load) => sum + load.bytes, 0)
    const segments = loads.find((load) => load.console === console)?.segments ?? 0
    if (used + bytes > this.limit || segments >= MAX_SEGMENTS) {
      throw new AppError('audit.carried-full', { detail: { console, bytes, used, limit: this.limit, segments } })
    }
    ensurePrivateDir(dir)
    const free = await freeBytes(dir)
    if (free !== null && free < bytes + reserveBytes) {
      throw new AppError('disk.full', { detail: { needed: bytes + reserveBytes, free } })
    }
  }

  async #store(offered: OfferedSegment, { segment: id, bytes }: Waybill, signal: AbortSignal): Promise<void> {
    const { dir } = this.#options
    const body = await offered.open()
    if (body === null) throw new AppError('file.not-found', { detail: { path: `${offered.name}.age` } })
    const quarantine = join(dir, `${id}.part`)
    try {
      await rm(quarantine, { force: true })
      const file = await open(quarantine, 'wx', 0o600)
      try {
        const hasher = createHasher()
        let length = 0
        for await (const part of body) {
          if (signal.aborted) throw new AppError('cancelled')
          if (length < AGE.length) requireAge(part, length)
          length += part.length
          if (length > bytes) throw new AppError('audit.bad-segment', { detail: { what: 'length' } })
          hasher.update(part)
          await file.writeFile(part)
        }
        if (length < bytes) throw new AppError('audit.truncated', { detail: { expected: bytes, found: length } })
        if (hasher.hex() !== id) throw new AppError('audit.bad-segment', { detail: { what: 'id' } })
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(quarantine, join(dir, id))
      syncDir(dir)
    } catch (error) {
      await rm(quarantine, { force: true })
      throw storeError(error)
    }
  }
}

/** Anything that is no age file was never sealed by a console. Pieces are large: the first holds the line. */
function requireAge(part: Uint8Array, at: number): void {
  const expected = AGE.subarray(at, at + part.length)
  if (!Buffer.from(part.subarray(0, expected.length)).equals(expected)) {
    throw new AppError('audit.bad-segment', { detail: { what: 'sealed' } })
  }
}
