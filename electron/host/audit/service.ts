import { join } from 'node:path'
import type { AuditRow, AuditState, ChainReport } from '../../../shared/contract/audit.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { AuditHead, AuditTime } from '../../../shared/model/audit.ts'
import type { PrepareWrapKeys } from '../crypto/age-seal-stock.ts'
import { type AuditQueries, auditQueries } from '../store/audit.ts'
import { carriedQueries } from '../store/carried.ts'
import type { Db } from '../store/db.ts'
import { factQueries } from '../store/facts.ts'
import { outboxQueries, type ReceiptRow } from '../store/outbox.ts'
import { CarriedLogs } from './carried/carried-logs.ts'
import { readClear } from './chain.ts'
import type { ConsoleSigner } from './chain-head.ts'
import { epochAtStart, type FoundAtStart } from './epoch.ts'
import { exportSegments } from './export.ts'
import { signTip } from './heads.ts'
import { AuditLog } from './log.ts'
import { readMark } from './mark-file.ts'
import { findAtStart } from './opening.ts'
import { backlog, sweepFolder } from './outbox.ts'
import { type AuditParts, goOnAfter } from './parts.ts'
import type { AuditPolicySource } from './policy.ts'
import type { AuditRecorder } from './recorder.ts'
import { DetailSealing } from './sealing.ts'
import type { AgentFor } from './tus-http-stack.ts'
import { AuditUploads } from './uploads.ts'
import { checkHere, type StretchCheck, verifyLog } from './verify.ts'

export interface AuditServiceOptions {
  readonly db: Db
  /** Holds the outbox and the file with the newest signed head. */
  readonly dataDir: string
  readonly signer: ConsoleSigner
  /** `new`: nothing was ever recorded under this key. `lost`: the database knows another key. */
  readonly key: FoundAtStart['key']
  readonly policy: AuditPolicySource
  /** The time of an entry, with what it is worth. */
  readonly time: () => AuditTime
  /** True: not one network call. */
  readonly offline: () => boolean
  /** Follows stretches of the chain off the main thread. Without it they are followed here, in slices. */
  readonly check?: StretchCheck
  /** Makes the key exchanges of sealing ahead, off the main thread. Without it each entry makes its own. */
  readonly prepare?: PrepareWrapKeys
  /** Silence after which a connection is given up, ms. */
  readonly idleMs?: number
  /** Waits between attempts to deliver, ms. */
  readonly pauses?: readonly number[]
  readonly agent?: AgentFor
  /** What others' logs may take here, and what they must leave free, bytes. */
  readonly carriedRoom?: { readonly limit: number; readonly reserveBytes: number }
  /** Told of trouble that nobody waits for: a head that could not be signed in passing. */
  readonly onTrouble?: (error: unknown) => void
}

const IDLE_MS = 60_000
const PAUSES_MS = [0, 500, 1500, 4000]
/** Entries after which the log signs how far it reaches without being asked. */
const HEAD_EVERY = 256

/** The console's log: recording, proving, uploading and forgetting it. */
export class AuditService {
  readonly recorder: AuditRecorder
  /** Logs that travel by stick. */
  readonly carried: CarriedLogs
  readonly #options: AuditServiceOptions
  readonly #parts: AuditParts
  readonly #sealing: DetailSealing
  readonly #uploads: AuditUploads
  readonly #listeners = new Set<() => void>()
  readonly #unwatch: () => void
  readonly #markPath: string
  #chain: ChainReport | null = null
  #signedSeq = 0

  private constructor(options: AuditServiceOptions, queries: AuditQueries, found: FoundAtStart) {
    const {
      db,
      dataDir,
      signer,
      policy,
      time,
      offline,
      check = checkHere,
      idleMs = IDLE_MS,
      pauses = PAUSES_MS,
      agent,
    } = options
    const outbox = outboxQueries(db)
    const now = () => time().wall
    this.#options = options
    this.#markPath = markPath(dataDir)
    // What is signed already needs no second signature at each start.
    if (found.mark.kind === 'head') this.#signedSeq = found.mark.head.seq
    this.#sealing = new DetailSealing(policy, factQueries(db), options.prepare)
    const log = new AuditLog({
      db,
      queries,
      time,
      sealer: () => this.#sealing.sealer,
      tip: found.tip,
      onAppend: () => this.#appended(),
      onTaken: (epoch, problem) => {
        goOnAfter(this.#parts, { epoch, problem, reason: 'chain-broken' }).catch(this.#trouble)
      },
    })
    const outboxDir = join(dataDir, 'outbox')
    this.recorder = log
    this.#parts = {
      queries,
      outbox,
      log,
      signer,
      console: signer.console,
      recorder: log,
      outboxDir,
      check,
      now,
      idleMs,
      pauses,
      agent,
    }
    const onChange = () => this.#changed()
    const sign = () => this.#sign()
    const prepareAll = (signal?: AbortSignal) => this.#uploads.prepareAll(signal)
    const parts = this.#parts
    const rows = carriedQueries(db)
    const dir = join(dataDir, 'carried')
    this.carried = new CarriedLogs({
      parts,
      rows,
      dir,
      policy,
      offline,
      sign,
      prepareAll,
      onChange,
      ...options.carriedRoom,
    })
    this.#uploads = new AuditUploads({ parts, policy, offline, sign, carried: this.carried, onChange })
    this.#unwatch = policy.onChange(() => {
      this.#sealing.refresh()
      this.#changed()
    })
  }

  /**
   * Looks at what the last host left and goes on with it: in the same epoch when nothing is missing,
   * in a new one that says why when something is. Throws `store.*`, `disk.full`.
   */
  static async open(options: AuditServiceOptions): Promise<AuditService> {
    const { db, dataDir, signer, key, time } = options
    const queries = auditQueries(db)
    const found = findAtStart(queries, readMark(markPath(dataDir), signer), key, time().wall)
    const service = new AuditService(options, queries, found)
    const { outbox, outboxDir, log } = service.#parts
    sweepFolder(
      outboxDir,
      outbox.segments().map(({ id }) => id),
    )
    const epoch = epochAtStart(found)
    if (epoch !== null) {
      const broken = found.tip && found.tailProblem ? { epoch: found.tip.epoch, problem: found.tailProblem } : null
      await log.openEpoch(epoch, broken)
    }
    return service
  }

  state(): AuditState {
    const { outbox, queries, log } = this.#parts
    const waiting = backlog(this.#parts).filter(({ epoch, worthSending }) => worthSending && epoch.broken === null)
    const held = queries.epochs().map(({ epoch, anchorSeq }) => (queries.tip(epoch)?.seq ?? anchorSeq) - anchorSeq)
    return {
      epoch: log.tip?.epoch ?? 0,
      entries: held.reduce((sum, count) => sum + count, 0),
      lastSeq: log.tip?.seq ?? 0,
      toUpload: waiting.reduce((sum, { end, held }) => sum + end - held, 0),
      uploading: this.#uploads.progress,
      lastReceipt: outbox.newestReceipt(),
      chain: this.#chain,
      sealing: this.#sealing.sealer !== null,
      lastError: this.#uploads.lastError,
      carried: this.carried.state(),
    }
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Newest first, from before `before`. Entries that cannot be read any more are left out; {@link verify} names them. */
  list(options: { readonly before?: number | undefined; readonly limit: number }): AuditRow[] {
    const { queries, outbox } = this.#parts
    const held = new Map(queries.epochs().map(({ epoch }) => [epoch, outbox.heldThrough(epoch) ?? 0]))
    return queries.list(options.before ?? Number.MAX_SAFE_INTEGER, options.limit).flatMap((row) => {
      try {
        const uploaded = row.seq <= (held.get(row.epoch) ?? 0)
        return [{ ...readClear(row.clear, row.seq), hash: row.hash, sealedBytes: row.sealedBytes, uploaded }]
      } catch {
        return []
      }
    })
  }

  /** What is wrong with the log itself, as far as is known: the newest epoch that broke, or the last check. */
  trouble(): ErrorData | null {
    const broken = this.#parts.queries.epochs().findLast((epoch) => epoch.broken !== null)
    return broken?.broken ?? this.#chain?.reason ?? null
  }

  /** Wall-clock ms of the oldest entry that waits for upload; null when none does. */
  oldestWaiting(): number | null {
    const { queries } = this.#parts
    const waiting = backlog(this.#parts).find(({ epoch, worthSending }) => worthSending && epoch.broken === null)
    const [row] = waiting ? queries.after(waiting.epoch.epoch, waiting.held, 1) : []
    try {
      return row ? readClear(row.clear, row.seq).time.wall : null
    } catch {
      return null
    }
  }

  receipts(): ReceiptRow[] {
    return this.#parts.outbox.receipts()
  }

  /** Signs how far the log reaches. For moments after which a cut tail must be noticed. */
  async checkpoint(): Promise<AuditHead> {
    await this.#parts.log.settled()
    return this.#sign()
  }

  /**
   * Walks the whole log. When it finds damage in the current epoch, the log goes on in a new one: what
   * is recorded from here on can be proved again. Throws `cancelled`.
   */
  async verify(actor: string, signal?: AbortSignal): Promise<ChainReport> {
    const { queries, outbox, signer, check, now, log } = this.#parts
    await log.settled()
    const mark = () => readMark(this.#markPath, signer)
    const options = { queries, outbox, signer, check, mark, now, liveTip: () => log.tip, ...(signal && { signal }) }
    const { report, broken } = await verifyLog(options)
    if (broken !== null) await goOnAfter(this.#parts, { ...broken, reason: 'chain-broken' })
    this.#chain = report
    const { ok, entries, reason } = report
    const detail = { entries, reason }
    await this.recorder.record({ actor, action: 'audit.verified', subject: ok ? 'ok' : 'broken', detail })
    return report
  }

  /**
   * Sends what waits and takes the receipts, then forgets what the policy no longer wants kept. `again`
   * also sends what the server has refused before. Throws `sync.offline`, `sync.no-server`,
   * `audit.no-recipients`, and what the upload met with; the state says so as well.
   */
  async upload(signal: AbortSignal, options: { readonly again?: boolean } = {}): Promise<AuditState> {
    await this.#uploads.upload(signal, options.again ?? false)
    return this.state()
  }

  /** Writes what waits for upload into a file (several, when it is much). Returns how many entries that is. */
  async export(actor: string, path: string, signal?: AbortSignal): Promise<{ path: string; entries: number }> {
    await this.recorder.record({ actor, action: 'audit.exported', subject: 'segment', detail: { path } })
    await this.#uploads.prepareAll(signal)
    const { outbox, outboxDir } = this.#parts
    return { path, entries: await exportSegments(outboxDir, outbox.segments(), path) }
  }

  /** Lets what was recorded go through, signs the head and takes no more. */
  async close(): Promise<void> {
    this.#unwatch()
    await this.#parts.log.close()
    this.#sign()
  }

  #sign(): AuditHead {
    const { queries, signer, now, log } = this.#parts
    const head = signTip({ queries, signer, markPath: this.#markPath, now }, log.tip)
    this.#signedSeq = head.seq
    return head
  }

  #appended(): void {
    const { tip } = this.#parts.log
    try {
      if (tip !== null && tip.seq >= this.#signedSeq + HEAD_EVERY) this.#sign()
    } catch (error) {
      // The entries are durable; the next checkpoint tries again.
      this.#trouble(error)
    }
    this.#changed()
  }

  readonly #trouble = (error: unknown): void => this.#options.onTrouble?.(error)

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

function markPath(dataDir: string): string {
  return join(dataDir, 'audit-head.json')
}
