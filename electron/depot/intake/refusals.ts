import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ErrorData } from '../../../shared/errors.ts'
import { ErrorDataSchema } from '../../../shared/model/error-data.ts'
import { Sha256Hex, Slug } from '../../../shared/model/text.ts'
import { keepFile, keepJson } from './keep-file.ts'

/** Evidence that is kept; a console that is refused for ever must not fill the server's disk. */
const KEPT = 50

const Refusal = z.strictObject({
  format: z.literal('slipway.audit-refusal/1'),
  console: Slug,
  segment: Sha256Hex,
  /** The console that brought it, when that was another. */
  carrier: Slug.optional(),
  time: z.int(),
  reason: ErrorDataSchema,
})
export type Refusal = z.infer<typeof Refusal>

/** Segments that were refused, each with its reason beside it, for a person to look at. */
export class Refusals {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  async add(refusal: Omit<Refusal, 'format'>, file: string): Promise<void> {
    const base = join(this.#dir, refusal.segment)
    await keepFile(file, `${base}.age`)
    await keepJson(`${base}.json`, { format: 'slipway.audit-refusal/1', ...refusal })
    await this.#forgetOld()
  }

  async reasonFor(segment: string): Promise<ErrorData | null> {
    return (await this.#read(segment))?.reason ?? null
  }

  /** The segment that is kept as evidence. */
  file(segment: string): string {
    return join(this.#dir, `${segment}.age`)
  }

  /** The segment was accepted after all. */
  async remove(segment: string): Promise<void> {
    await rm(join(this.#dir, `${segment}.json`), { force: true })
    await rm(join(this.#dir, `${segment}.age`), { force: true })
  }

  /** Oldest first. */
  async list(): Promise<Refusal[]> {
    const read = await Promise.all((await this.#segments()).map((segment) => this.#read(segment)))
    return read.filter((refusal) => refusal !== null).sort((a, b) => a.time - b.time)
  }

  async #read(segment: string): Promise<Refusal | null> {
    try {
      return Refusal.parse(JSON.parse(await readFile(join(this.#dir, `${segment}.json`), 'utf8')))
    } catch {
      return null
    }
  }

  async #segments(): Promise<string[]> {
    const names = await readdir(this.#dir).catch(() => [])
    return names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
  }

  async #forgetOld(): Promise<void> {
    const dated = await Promise.all(
      (await this.#segments()).map(async (segment) => ({
        segment,
        time: (await stat(join(this.#dir, `${segment}.json`))).mtimeMs,
      })),
    )
    for (const { segment } of dated.sort((a, b) => b.time - a.time).slice(KEPT)) await this.remove(segment)
  }
}
