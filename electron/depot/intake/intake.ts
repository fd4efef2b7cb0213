import { createReadStream } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, type ErrorData, toErrorData } from '../../../shared/errors.ts'
import type { AuditAction, AuditHead, Receipt } from '../../../shared/model/audit.ts'
import type { ChainEntry } from '../../host/audit/chain.ts'
import { checkHeadSignature } from '../../host/audit/chain-head.ts'
import { signReceipt } from '../../host/audit/chain-receipt.ts'
import { readSegment, type SegmentFacts } from '../../host/audit/chain-segment.ts'
import { type AgeOpener, ageOpener } from '../../host/crypto/age-seal.ts'
import { hashFile } from '../../host/crypto/hash.ts'
import { isBehind, judgeHead, judgeSegment } from './judge.ts'
import { type HeldSegment, Ledger } from './ledger.ts'
import { Refusals } from './refusals.ts'

export interface IntakeOptions {
  /** Where segments, receipts, refusals and unfinished uploads are kept. */
  readonly dir: string
  /** `AGE-SECRET-KEY-1...` of the intake: the current one and those before it. */
  readonly identities: readonly string[]
  readonly receiptKey: { readonly keyid: string; sign(message: Uint8Array): Uint8Array }
  /** Public keys (hex) of the consoles that were let in, by id; asked for at each upload. */
  readonly consoles: () => ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>
  /** Wall clock, ms. */
  readonly now: () => number
}

/** Whose segment it is said to be, by its hash, and who brought it when that was another console. */
export interface Claim {
  readonly console: string
  readonly segment: string
  readonly carrier?: string | undefined
}

/** Takes sealed stretches of consoles' logs, and signs for those that go on where it stands. */
export class Intake {
  readonly uploadsDir: string
  readonly ledger: Ledger
  readonly refusals: Refusals
  readonly #options: IntakeOptions
  readonly #opener: AgeOpener
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: IntakeOptions, ledger: Ledger) {
    this.#options = options
    this.#opener = ageOpener(options.identities)
    this.ledger = ledger
    this.refusals = new Refusals(join(options.dir, 'refused'))
    this.uploadsDir = join(options.dir, 'uploads')
  }

  /** Throws `file.unreadable` when what is held cannot be read: an intake that forgot must not sign. */
  static async open(options: IntakeOptions): Promise<Intake> {
    const ledger = await Ledger.open(join(options.dir, 'consoles'))
    const intake = new Intake(options, ledger)
    await mkdir(options.dir, { recursive: true, mode: 0o700 })
    await mkdir(intake.uploadsDir, { recursive: true, mode: 0o700 })
    return intake
  }

  /**
   * Whether a console may begin an upload: it must show a head that it signed, and that head must not
   * take back what it said before. A head that was carried may be older than what came by another way meanwhile.
   * Throws `audit.unknown-console`, `audit.bad-head`, `audit.truncated`, `audit.fork`.
   */
  async admit(console: string, head: AuditHead, { carried = false } = {}): Promise<void> {
    await this.#inTurn(async () => {
      if (head.console !== console) throw new AppError('audit.bad-head', { detail: { console } })
      checkHeadSignature(head, await this.#keyOf(console))
      const known = this.ledger.known(console)
      if (carried && isBehind(known, head)) return
      judgeHead(known, head)
      await this.ledger.announce(console, head.epoch, { seq: head.seq, hash: head.hash })
    })
  }

  /** Judges a whole upload and signs for it. The same segment gets the same receipt, however often it comes. */
  async take(file: string, claim: Claim): Promise<Receipt> {
    return await this.#inTurn(async () => {
      const { sha256 } = await hashFile(file)
      if (sha256 !== claim.segment) throw new AppError('audit.bad-segment', { retry: 'now', detail: { what: 'id' } })
      const before = this.ledger.find(sha256)
      if (before !== null) return before.receipt
      try {
        const receipt = await this.#hold(file, claim)
        await this.#closeGap(claim.console)
        return receipt
      } catch (error) {
        const reason = toErrorData(error)
        if (reason.code.startsWith('audit.')) {
          await this.refusals.add({ ...claim, time: this.#options.now(), reason }, file)
        }
        throw error
      }
    })
  }

  /** Judges a segment that was carried here: exported by a console without a link. Throws like {@link Intake.take}. */
  async takeFile(path: string): Promise<Receipt> {
    const { header } = await this.read(path)
    const { sha256 } = await hashFile(path)
    const copy = join(this.uploadsDir, `${sha256}.carried`)
    await copyFile(path, copy)
    try {
      return await this.take(copy, { console: header.console, segment: sha256 })
    } finally {
      await rm(copy, { force: true })
    }
  }

  receiptFor(segment: string): Receipt | null {
    return this.ledger.find(segment)?.receipt ?? null
  }

  async refusalOf(segment: string): Promise<ErrorData | null> {
    return await this.refusals.reasonFor(segment)
  }

  /** Reads a held or refused file: opened, parsed and followed from end to end. */
  async read(file: string, visit?: (entry: ChainEntry) => void | Promise<void>): Promise<SegmentFacts> {
    try {
      return await readSegment(this.#opener.openStream(createReadStream(file)), visit)
    } catch (error) {
      // What the age library throws: no age file, not sealed to us, or changed on the way.
      throw error instanceof AppError
        ? error
        : new AppError('audit.bad-segment', { detail: { what: 'sealed' }, cause: error })
    }
  }

  async #hold(file: string, claim: Claim): Promise<Receipt> {
    const receipt = await this.#judge(file, claim)
    await this.ledger.hold(receipt, file)
    await this.refusals.remove(claim.segment)
    return receipt
  }

  /**
   * What others carry comes by several ways, and a segment that came too early was kept: what it lacked may be here
   * now. A console that sends its own log sends it again by itself.
   */
  async #closeGap(console: string): Promise<void> {
    const waiting = (await this.refusals.list()).filter(
      (refusal) => refusal.console === console && refusal.reason.code === 'audit.gap' && refusal.carrier !== undefined,
    )
    for (const { segment } of waiting) {
      const held = await this.#hold(this.refusals.file(segment), { console, segment }).then(
        () => true,
        () => false,
      )
      // It may be what the next one lacked.
      if (held) return await this.#closeGap(console)
    }
  }

  async #judge(file: string, { console, segment }: Claim): Promise<Receipt> {
    const known = this.ledger.known(console)
    const hashes = new Map<number, string>()
    let firstAction: AuditAction | null = null
    const facts = await this.read(file, ({ clear, hash }) => {
      firstAction ??= clear.action
      hashes.set(clear.seq, hash)
    })
    if (facts.header.console !== console) throw new AppError('audit.bad-segment', { detail: { what: 'console' } })
    checkHeadSignature(facts.head, await this.#keyOf(console))
    const { epoch, first, last } = facts.header
    const heldHash = last <= (known.held.get(epoch)?.seq ?? 0) ? await this.#heldHash(console, epoch, last) : null
    judgeSegment(known, {
      facts,
      firstAction: firstAction ?? 'audit.verified',
      hashAt: (seq) => hashes.get(seq) ?? null,
      heldHashAt: (seq) => (seq === last ? heldHash : null),
    })
    const unsigned = { console, epoch, first, last, head: facts.end.hash, segment, time: this.#options.now() }
    return signReceipt(unsigned, this.#options.receiptKey)
  }

  /** The hash of an entry that is held somewhere inside a segment. */
  async #heldHash(console: string, epoch: number, seq: number): Promise<string | null> {
    const covers = ({ receipt }: HeldSegment) => receipt.epoch === epoch && receipt.first <= seq && receipt.last >= seq
    const segment = this.ledger.list(console).find(covers)
    if (segment === undefined) return null
    let found: string | null = null
    await this.read(segment.path, ({ clear, hash }) => {
      if (clear.seq === seq) found = hash
    })
    return found
  }

  async #keyOf(console: string): Promise<string> {
    const key = (await this.#options.consoles()).get(console)
    if (key === undefined) throw new AppError('audit.unknown-console', { detail: { console } })
    return key
  }

  /** One at a time: what is held must not change between judging and holding. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => undefined)
    return await turn
  }
}
