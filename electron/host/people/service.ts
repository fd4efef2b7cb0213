import type { Clock } from '../../../shared/clock.ts'
import type { Session as SessionView } from '../../../shared/contract/app.ts'
import type { KnownOperator } from '../../../shared/contract/people.ts'
import { AppError, type ErrorData } from '../../../shared/errors.ts'
import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import type { Role } from '../../../shared/model/policy.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { PassphraseKdf } from '../crypto/passphrase.ts'
import type { Db } from '../store/db.ts'
import { type PeopleQueries, peopleQueries } from '../store/people.ts'
import type { LibrarySource } from '../trust/library.ts'
import type { Ask } from './authority.ts'
import type { ConsoleIdentity } from './console-identity.ts'
import { type Login, openLogin, sealLogin } from './credentials.ts'
import { Directory } from './directory.ts'
import { enrolmentRequest, readRequest } from './enrolment.ts'
import type { KeyProtector } from './key-protector.ts'
import { operatorId } from './operator-id.ts'
import { PassphraseCheck } from './passphrase-check.ts'
import { checkPassphrase } from './passphrase-rule.ts'
import { secondPersonWord } from './second-person.ts'
import { Session, type SignedIn } from './session.ts'
import { forgetKeys, lockVault, newOperatorKeys } from './vault.ts'

export interface PeopleServiceOptions {
  readonly db: Db
  readonly recorder: AuditRecorder
  readonly library: LibrarySource
  readonly console: ConsoleIdentity
  readonly protector: KeyProtector
  readonly clock: Clock
  /** Effective time, ms: never behind what was signed. */
  readonly now: () => number
  /** Minutes without input after which the operator is signed out; 0 is never. */
  readonly idleMinutes: () => number
  /** True while the operator is needed at a device: then nobody is signed out for want of input. */
  readonly busy: () => boolean
  /** How hard new passphrases are made to guess; for tests that open many. */
  readonly kdf?: () => PassphraseKdf
  /** Told of trouble that nobody waits for. */
  readonly onTrouble?: (error: unknown) => void
}

/** Who is here and what they may do. Everything it changes is recorded in the same transaction. */
export class PeopleService {
  readonly #options: PeopleServiceOptions
  readonly #queries: PeopleQueries
  readonly #directory: Directory
  readonly #check: PassphraseCheck
  readonly #session: Session
  readonly #listeners = new Set<() => void>()
  readonly #unwatch: (() => void)[]

  constructor(options: PeopleServiceOptions) {
    const { db, recorder, library, protector, clock, now, idleMinutes, busy } = options
    this.#options = options
    this.#queries = peopleQueries(db)
    this.#directory = new Directory({ queries: this.#queries, library, now })
    this.#check = new PassphraseCheck({ queries: this.#queries, recorder, protector, clock })
    this.#session = new Session({
      monotonic: () => clock.monotonic(),
      idleMinutes,
      busy,
      onIdle: () => {
        this.#end('idle').catch((error: unknown) => options.onTrouble?.(error))
      },
    })
    const changed = () => this.#changed()
    this.#unwatch = [this.#session.onChange(changed), library.onChange(changed)]
  }

  /** Operators whose keys are on this laptop. */
  list(): KnownOperator[] {
    return this.#directory.list()
  }

  /** Who is signed in, with what the signed policy says of them now. */
  session(): SessionView | null {
    const current = this.#session.current
    return current && this.#directory.session(current.operator)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Somebody did something: they are not away. */
  touch(): void {
    this.#session.touch()
  }

  /** Throws `people.not-signed-in`. */
  requireSession(): { readonly operator: string; readonly roles: readonly Role[] } {
    const { operator } = this.#signedIn()
    return { operator, roles: this.#directory.rolesOf(operator) }
  }

  /** Throws `people.not-signed-in`, `people.not-enrolled`, `people.lease-ended`. */
  requireLease(): { readonly operator: string; readonly roles: readonly Role[] } {
    const session = this.requireSession()
    const trouble = this.#directory.leaseTrouble(session.operator)
    if (trouble !== null) throw AppError.fromData(trouble)
    return session
  }

  /** Why this operator may not, by the signed policy and now; null: they may. */
  mayAct(operator: string, ask: Ask): ErrorData | null {
    return this.#directory.mayAct(operator, ask)
  }

  rolesOf(operator: string): readonly Role[] {
    return this.#directory.rolesOf(operator)
  }

  /** Makes a key pair under the passphrase. Throws `people.weak-passphrase`, `people.name-taken`, `host.no-keystore`. */
  async enrol(name: string, passphrase: string): Promise<EnrolmentRequest> {
    const { console, clock, protector, recorder } = this.#options
    checkPassphrase(passphrase, name)
    this.#requireFreeName(name)
    const { publicKey, ...keys } = newOperatorKeys()
    const operator = { id: operatorId(name, publicKey), name, publicKey: Buffer.from(publicKey).toString('hex') }
    const createdAt = clock.now()
    const request = enrolmentRequest(operator, keys.secretKey, console, createdAt)
    const vault = await lockVault(keys, operator.id, passphrase, protector, this.#options.kdf?.())
    forgetKeys(keys)
    const entry = {
      actor: operator.id,
      action: 'people.enrolled',
      subject: operator.id,
      detail: { name, publicKey: operator.publicKey },
    } as const
    await recorder.record(entry, () => {
      // Two enrolments under one name at once: the second sees the first here.
      this.#requireFreeName(name)
      this.#queries.add({ ...operator, vault, request: JSON.stringify(request), createdAt })
    })
    this.#changed()
    return request
  }

  /** The enrolment request once more. Throws `people.unknown-operator`. */
  request(operator: string): EnrolmentRequest {
    const row = this.#queries.get(operator)
    if (row === null) throw new AppError('people.unknown-operator', { detail: { operator } })
    return readRequest(row.request)
  }

  /** Throws `people.unknown-operator`, `people.wrong-passphrase`, `people.too-many-attempts`, `host.no-keystore`. */
  async signIn(operator: string, passphrase: string): Promise<SessionView> {
    const { row, keys } = await this.#check.open(operator, passphrase, 'sign-in')
    if (this.#session.current) await this.#end('another')
    const { console, clock, recorder } = this.#options
    // The laptop has another key than when the request was made: the publisher needs a new one.
    const outdated = readRequest(row.request).console.publicKey !== console.publicKey
    await recorder.record({ actor: operator, action: 'people.signed-in', subject: operator }, () => {
      this.#check.passed(operator)
      this.#queries.setSignedIn(operator, clock.now())
      if (outdated) {
        const request = enrolmentRequest(row, keys.secretKey, console, clock.now())
        this.#queries.setRequest(operator, JSON.stringify(request))
      }
    })
    this.#session.begin({ operator, keys })
    const session = this.session()
    if (session === null) throw new AppError('people.not-signed-in')
    return session
  }

  async signOut(): Promise<void> {
    await this.#end('asked')
  }

  /** Throws `people.not-signed-in`, `people.wrong-passphrase`, `people.too-many-attempts`, `people.weak-passphrase`. */
  async changePassphrase(old: string, next: string): Promise<void> {
    const { operator } = this.#signedIn()
    const { row, keys } = await this.#check.open(operator, old, 'change-passphrase')
    checkPassphrase(next, row.name)
    const vault = await lockVault(keys, operator, next, this.#options.protector, this.#options.kdf?.())
    forgetKeys(keys)
    await this.#options.recorder.record(
      { actor: operator, action: 'people.passphrase-changed', subject: operator },
      () => {
        this.#check.passed(operator)
        this.#queries.setVault(operator, vault)
      },
    )
  }

  /** Keeps a device login under the signed-in operator's key. Throws `people.not-signed-in`. */
  async storeCredential(address: string, login: Login): Promise<void> {
    const signedIn = this.#signedIn()
    const { operator } = signedIn
    const sealed = sealLogin(signedIn, address, login)
    const entry = {
      actor: operator,
      action: 'people.credential-stored',
      subject: address,
      detail: { username: login.username },
    } as const
    await this.#options.recorder.record(entry, () => this.#queries.putCredential(operator, address, sealed))
  }

  /** The signed-in operator's login for an address; null when nobody is signed in or they have none. */
  credential(address: string): Login | null {
    const { current } = this.#session
    return current && openLogin(current, address, this.#queries)
  }

  /**
   * Checks the second person's passphrase, signing nobody in or out, and records what they sign with
   * their key. Returns their id. Throws `people.same-person-twice`, `people.unknown-operator`,
   * `people.wrong-passphrase`, `people.too-many-attempts`.
   */
  async verifySecond(second: { readonly operator: string; readonly passphrase: string }): Promise<string> {
    const first = this.#session.current?.operator ?? null
    const { operator } = second
    if (operator === first) throw new AppError('people.same-person-twice', { detail: { operator } })
    const { row, keys } = await this.#check.open(operator, second.passphrase, 'second-person')
    const { clock, recorder, console } = this.#options
    const detail = secondPersonWord(
      { console: console.console, first, second: operator, time: clock.now() },
      keys,
      row.publicKey,
    )
    forgetKeys(keys)
    const entry = { actor: operator, action: 'people.second-verified', subject: first ?? 'console', detail } as const
    await recorder.record(entry, () => this.#check.passed(operator))
    return operator
  }

  /** Ends the session without a word in the log: the host is closing and says so itself. */
  close(): void {
    for (const stop of this.#unwatch) stop()
    this.#session.end()
  }

  #signedIn(): SignedIn {
    const { current } = this.#session
    if (current === null) throw new AppError('people.not-signed-in')
    return current
  }

  async #end(why: 'asked' | 'idle' | 'another'): Promise<void> {
    const { current } = this.#session
    if (current === null) return
    const { operator } = current
    // First, and whatever the log says: who asked to be signed out is.
    this.#session.end()
    await this.#options.recorder.record({ actor: operator, action: 'people.signed-out', subject: why })
  }

  #requireFreeName(name: string): void {
    const folded = fold(name)
    if (this.#queries.list().some((row) => fold(row.name) === folded))
      throw new AppError('people.name-taken', { detail: { name } })
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Names that a person would take for the same. */
const fold = (name: string) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
