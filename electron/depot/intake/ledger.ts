import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { Receipt } from '../../../shared/model/audit.ts'
import { Sha256Hex } from '../../../shared/model/text.ts'
import type { KnownConsole, Point } from './judge.ts'
import { keepFile, keepJson } from './keep-file.ts'

/** A segment that the intake holds: its receipt, and where its file is. */
export interface HeldSegment {
  readonly receipt: Receipt
  readonly path: string
}

const Announced = z.record(z.string().regex(/^\d+$/), z.strictObject({ seq: z.int(), hash: Sha256Hex }))
const RECEIPT = '.receipt.json'
const SEGMENT = '.age'
const HEADS = 'announced.json'

interface Shelf {
  readonly held: Map<number, Point>
  readonly announced: Map<number, Point>
}

/**
 * What the intake holds, as plain files that a backup can copy:
 * `<console>/<epoch>/<first>-<last>-<id>.age` and its `.receipt.json`. A segment is held once its
 * receipt is there; everything else is derived from the receipts at the start.
 */
export class Ledger {
  readonly #dir: string
  readonly #segments = new Map<string, HeldSegment>()
  readonly #shelves = new Map<string, Shelf>()

  private constructor(dir: string) {
    this.#dir = dir
  }

  static async open(dir: string): Promise<Ledger> {
    const ledger = new Ledger(dir)
    for (const console of await namesIn(dir)) {
      for (const epoch of await namesIn(join(dir, console))) {
        if (epoch === HEADS) await ledger.#readAnnounced(console)
        else await ledger.#readEpoch(join(dir, console, epoch))
      }
    }
    return ledger
  }

  known(console: string): KnownConsole {
    return this.#shelf(console)
  }

  find(segment: string): HeldSegment | null {
    return this.#segments.get(segment) ?? null
  }

  consoles(): string[] {
    return [...this.#shelves.keys()].sort()
  }

  /** Held segments of a console in the order of their entries. */
  list(console: string): HeldSegment[] {
    return [...this.#segments.values()]
      .filter(({ receipt }) => receipt.console === console)
      .sort(
        (a, b) =>
          a.receipt.epoch - b.receipt.epoch || a.receipt.first - b.receipt.first || a.receipt.last - b.receipt.last,
      )
  }

  /** Keeps the file and then the receipt: from then on the segment is held. */
  async hold(receipt: Receipt, file: string): Promise<void> {
    const base = this.#base(receipt)
    await keepFile(file, base + SEGMENT)
    await keepJson(base + RECEIPT, receipt)
    this.#add(receipt, base + SEGMENT)
  }

  async announce(console: string, epoch: number, point: Point): Promise<void> {
    const { announced } = this.#shelf(console)
    const before = announced.get(epoch)
    if (before !== undefined && before.seq >= point.seq) return
    announced.set(epoch, point)
    await keepJson(join(this.#dir, console, HEADS), Object.fromEntries(announced))
  }

  #base({ console, epoch, first, last, segment }: Receipt): string {
    const padded = (seq: number) => String(seq).padStart(10, '0')
    return join(this.#dir, console, String(epoch), `${padded(first)}-${padded(last)}-${segment}`)
  }

  #add(receipt: Receipt, path: string): void {
    this.#segments.set(receipt.segment, { receipt, path })
    const { held } = this.#shelf(receipt.console)
    const before = held.get(receipt.epoch)
    if (before === undefined || receipt.last > before.seq)
      held.set(receipt.epoch, { seq: receipt.last, hash: receipt.head })
  }

  async #readEpoch(dir: string): Promise<void> {
    for (const name of await namesIn(dir)) {
      const path = join(dir, name)
      if (name.endsWith(RECEIPT)) {
        this.#add(parse(Receipt, await readFile(path, 'utf8'), path), path.slice(0, -RECEIPT.length) + SEGMENT)
      } else if (name.endsWith('.part')) {
        await rm(path, { force: true })
      }
    }
  }

  async #readAnnounced(console: string): Promise<void> {
    const path = join(this.#dir, console, HEADS)
    const announced = parse(Announced, await readFile(path, 'utf8'), path)
    for (const [epoch, point] of Object.entries(announced)) this.#shelf(console).announced.set(Number(epoch), point)
  }

  #shelf(console: string): Shelf {
    const shelf = this.#shelves.get(console) ?? { held: new Map<number, Point>(), announced: new Map<number, Point>() }
    this.#shelves.set(console, shelf)
    return shelf
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

function parse<T>(schema: z.ZodType<T>, text: string, path: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('file.unreadable', { detail: { path }, cause })
  }
}
