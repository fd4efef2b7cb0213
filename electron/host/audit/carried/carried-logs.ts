import { join } from 'node:path'
import type { CarriedState, TakenAlong } from '../../../../shared/contract/audit.ts'
import { AppError, type ErrorCode, type ErrorData, toErrorData } from '../../../../shared/errors.ts'
import type { AuditHead, Receipt } from '../../../../shared/model/audit.ts'
import type { CarriedQueries, CarriedSegment } from '../../store/carried.ts'
import { intactFile, type Road } from '../bring.ts'
import { discard } from '../delivery.ts'
import { pointAt, sweepFolder } from '../outbox.ts'
import type { AuditParts } from '../parts.ts'
import type { AuditPolicy, AuditPolicySource } from '../policy.ts'
import { prune } from '../prune.ts'
import { openBag } from './homeward.ts'
import { bringOthers, type OnwardRound } from './onward.ts'
import { signBag } from './receipt-bag.ts'
import { Shelf } from './shelf.ts'
import type { NotTaken, Offered, Outgoing } from './stick.ts'
import { signWaybill } from './waybill.ts'

export interface CarriedOptions {
  readonly parts: AuditParts
  readonly rows: CarriedQueries
  readonly dir: string
  readonly policy: AuditPolicySource
  /** True: not one network call. */
  readonly offline: () => boolean
  /** Signs how far the log reaches now. */
  readonly sign: () => AuditHead
  /** Makes segments of everything that waits. */
  readonly prepareAll: (signal?: AbortSignal) => Promise<void>
  readonly onChange: () => void
  readonly limit?: number | undefined
  readonly reserveBytes?: number | undefined
}

/** After one of these the rest of a stick would fare no better. */
const ENDS_TAKING: ReadonlySet<ErrorCode> = new Set(['disk.full', 'store.read-only', 'pack.unreadable'])

/**
 * Logs that travel by stick: this console's own to another that has a link, others' through this one to the server, and
 * the receipts back. Nobody on the way is trusted, this console by the others no more than they by it.
 */
export class CarriedLogs {
  readonly #options: CarriedOptions
  readonly #shelf: Shelf
  #state: Omit<CarriedState, 'own'> | null = null

  constructor(options: CarriedOptions) {
    const { parts, rows, dir, limit, reserveBytes } = options
    const { console, recorder, now } = parts
    this.#options = options
    this.#shelf = new Shelf({ rows, dir, console, recorder, now, limit, reserveBytes })
    sweepFolder(dir, rows.ids())
  }

  /** What travels by stick, and since when. */
  state(): CarriedState {
    this.#state ??= this.#others()
    return { own: this.#own(), ...this.#state }
  }

  /**
   * Makes what goes onto a stick. Our own log only where it has no better way, unless a person `asked` for it. Throws
   * `audit.no-recipients`, `disk.full`, `cancelled`.
   */
  async outgoing(signal: AbortSignal, asked: boolean): Promise<Outgoing> {
    const { parts, prepareAll, offline, rows, dir } = this.#options
    const withOwn = asked || offline() || !parts.outbox.hasFetched()
    if (withOwn) {
      await parts.log.settled()
      await prepareAll(signal)
      if (await this.#discardDamaged()) await prepareAll(signal)
    }
    const others: Outgoing['segments'][number][] = []
    for (const { id, waybill } of rows.segments()) {
      const path = await intactFile(dir, { id, bytes: waybill.bytes }).catch((error: unknown) => {
        rows.setRefused(id, toErrorData(error))
        return null
      })
      if (path !== null) others.push({ waybill, path })
    }
    const bags = Map.groupBy(rows.receipts(), ({ console }) => console)
    return {
      console: parts.console,
      segments: [...(withOwn ? this.#ownSegments() : []), ...others],
      bags: [...bags].map(([console, receipts]) => this.#bag(console, receipts)),
    }
  }

  /** Remembers what was put on a stick. What is on one counts as sent no sooner than its receipt is here. */
  async handedOver({ console, segments }: Outgoing, actor: string, where: string): Promise<void> {
    const { outbox, recorder, now } = this.#options.parts
    const own = segments.filter(({ waybill }) => waybill.console === console)
    const detail = { own: own.length, others: segments.length - own.length }
    await recorder.record({ actor, action: 'audit.handed-over', subject: where, detail }, () => {
      for (const { waybill } of own) outbox.setHanded(waybill.segment, now())
    })
    this.#changed()
  }

  /**
   * Takes what a stick brings: receipts first, for they make room. What is not taken is said and stays on the stick.
   * Throws `audit.no-recipients`, `cancelled`.
   */
  async takeAlong({ segments, bags, refused }: Offered, actor: string, signal: AbortSignal): Promise<TakenAlong> {
    const { parts, rows } = this.#options
    const policy = this.#policy()
    const { receiptKeys: keys } = policy.recipients
    const taken: Taken = { entries: 0, carriers: new Set(), others: 0, logs: new Map(), refused: [...refused] }
    const drop = (id: string) => this.#shelf.drop(id)
    try {
      await this.#each(
        bags,
        ({ console, name }) => `receipts/${console}/${name}`,
        taken,
        signal,
        async (bag) => {
          const opened = await openBag({ delivery: parts, rows, drop }, bag, { keys, consoles: policy.consoles })
          taken.entries += opened.entries
          taken.others += opened.others
          if (opened.entries > 0 && opened.carrier !== null) taken.carriers.add(opened.carrier)
          taken.refused.push(...opened.refused)
        },
      )
      await this.#each(
        segments,
        ({ console, name }) => `logs/${console}/${name}`,
        taken,
        signal,
        async (segment) => {
          const waybill = await this.#shelf.take(segment, policy.consoles, actor, signal)
          if (waybill === null) return
          const { console, first, last, bytes } = waybill
          const before = taken.logs.get(console) ?? { console, entries: 0, bytes: 0 }
          const entries = before.entries + last - first + 1
          taken.logs.set(console, { console, entries, bytes: before.bytes + bytes })
        },
      )
      if (taken.entries > 0) await prune(parts, policy.retentionDays, parts.now())
    } finally {
      this.#changed()
    }
    const receipts = { entries: taken.entries, carriers: [...taken.carriers], others: taken.others }
    return { logs: [...taken.logs.values()], receipts, refused: taken.refused }
  }

  /** Brings others' logs to the intake. Throws what ends a connection, `cancelled`. */
  async bring(road: Omit<Road, 'onProgress'>, round: Pick<OnwardRound, 'again' | 'onProgress'>): Promise<void> {
    const { parts, rows, dir } = this.#options
    const { console, recorder, now } = parts
    const { receiptKeys } = this.#policy().recipients
    const drop = (id: string) => this.#shelf.drop(id)
    try {
      await bringOthers({ rows, dir, console, recorder, now, drop }, { ...road, ...round, receiptKeys })
    } finally {
      this.#changed()
    }
  }

  async #each<T>(
    items: readonly T[],
    nameOf: (item: T) => string,
    taken: Taken,
    signal: AbortSignal,
    take: (item: T) => Promise<void>,
  ): Promise<void> {
    for (const item of items) {
      if (signal.aborted) throw new AppError('cancelled')
      try {
        await take(item)
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'cancelled') throw error
        taken.refused.push({ target: nameOf(item), reason: error.toData() })
        if (ENDS_TAKING.has(error.code)) return
      }
    }
  }

  #ownSegments(): Outgoing['segments'] {
    const { parts, sign } = this.#options
    const { queries, outbox, outboxDir, signer } = parts
    const head = sign()
    const epochs = new Map(queries.epochs().map((epoch) => [epoch.epoch, epoch]))
    return outbox.segments().flatMap(({ id, bytes, epoch, first, last, refused }) => {
      const row = epochs.get(epoch)
      if (refused !== null || row === undefined) return []
      const { hash: prev } = pointAt(queries, row, first - 1)
      const { hash } = pointAt(queries, row, last)
      return [
        {
          waybill: signWaybill(signer, { segment: id, bytes, epoch, first, last, prev, hash, head }),
          path: join(outboxDir, id),
        },
      ]
    })
  }

  #bag(console: string, receipts: readonly Receipt[]): Outgoing['bags'][number] {
    const { signer, now } = this.#options.parts
    return signBag(signer, console, receipts, now())
  }

  /** A segment whose file a disk lost is made again, and all that came after it: they must go in order. */
  async #discardDamaged(): Promise<boolean> {
    const { parts } = this.#options
    const broken = new Set<number>()
    for (const segment of parts.outbox.segments()) {
      const intact = await intactFile(parts.outboxDir, segment).then(
        () => true,
        () => false,
      )
      if (!intact) broken.add(segment.epoch)
      if (broken.has(segment.epoch)) discard(parts, segment)
    }
    return broken.size > 0
  }

  #own(): CarriedState['own'] {
    const handed = this.#options.parts.outbox.segments().filter(({ handedAt }) => handedAt !== null)
    if (handed.length === 0) return null
    return {
      entries: handed.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      first: Math.min(...handed.map(({ first }) => first)),
      last: Math.max(...handed.map(({ last }) => last)),
      since: Math.min(...handed.map(({ handedAt }) => handedAt ?? 0)),
    }
  }

  #others(): Omit<CarriedState, 'own'> {
    const { rows } = this.#options
    const segments = Map.groupBy(rows.segments(), ({ waybill }) => waybill.console)
    const loads = rows.loads()
    return {
      others: loads.map((load) => ({ ...load, reason: reasonOf(segments.get(load.console) ?? []) })),
      bytes: loads.reduce((sum, { bytes }) => sum + bytes, 0),
      limit: this.#shelf.limit,
    }
  }

  #policy(): AuditPolicy {
    const policy = this.#options.policy.current()
    if (policy === null) throw new AppError('audit.no-recipients')
    return policy
  }

  #changed(): void {
    this.#state = null
    this.#options.onChange()
  }
}

interface Taken {
  entries: number
  others: number
  readonly carriers: Set<string>
  readonly logs: Map<string, { readonly console: string; readonly entries: number; readonly bytes: number }>
  readonly refused: NotTaken[]
}

/** Why a log is not delivered: what the server said, or a stretch that did not come along. */
function reasonOf(segments: readonly CarriedSegment[]): ErrorData | null {
  const refused = segments.find((segment) => segment.refused !== null)
  if (refused) return refused.refused
  for (const [index, { waybill }] of segments.entries()) {
    const before = segments[index - 1]?.waybill
    if (before?.epoch === waybill.epoch && waybill.first > before.last + 1) {
      const { epoch, first: found } = waybill
      return new AppError('audit.gap', { detail: { epoch, expected: before.last + 1, found } }).toData()
    }
  }
  return null
}
