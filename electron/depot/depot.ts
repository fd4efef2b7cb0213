import { rm } from 'node:fs/promises'
import type { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import type { ArtifactCustom } from '../../shared/model/artifact.ts'
import type { PlanInput } from '../../shared/model/plan.ts'
import type { ConsolePolicy, OperatorsPolicy } from '../../shared/model/policy.ts'
import type { ProfileInput } from '../../shared/model/profile.ts'
import type { Site } from '../../shared/model/site.ts'
import { sha256Hex } from '../host/crypto/hash.ts'
import { POLICY_PATHS, readOperators } from '../host/trust/documents.ts'
import { checkArtifact, storeArtifact } from './artifact-intake.ts'
import { auditContext, intakeOf } from './audit-intake.ts'
import { createAuditKeys } from './audit-keys.ts'
import { readPending, withSignatures, writePending } from './ceremony/pending.ts'
import { prepareRequest } from './ceremony/prepare.ts'
import { type Progress, progressOf, type SigningRequest } from './ceremony/request.ts'
import { type DepotConfig, readConfig, writeConfig } from './config.ts'
import { Content } from './content.ts'
import { type MakeDeltas, makeDeltas } from './deltas.ts'
import { checkDocument } from './document-check.ts'
import type { AuditCommandContext } from './intake/commands.ts'
import { createConfig, type KeyChoice, revoked, rotated } from './key-roles.ts'
import { KeyStore } from './key-store.ts'
import { type DepotLayout, depotLayout } from './layout.ts'
import { withLock } from './lock.ts'
import { type Grant, readEnrolment, withLease, withOperator, withoutOperator } from './operators.ts'
import { type PublishReport, publish, refreshPublished, targetPlace } from './publish.ts'
import { type Published, readPublished } from './published.ts'
import type { DepotPlugin, Serving } from './server.ts'
import { type DepotStatus, depotStatus } from './status.ts'

export interface DepotOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Opens the private keys; null where they lie in the clear. */
  readonly passphrase?: string | null
}

export interface CreateOptions extends DepotOptions, KeyChoice {
  readonly name: string
  readonly policy?: Partial<Omit<ConsolePolicy, 'format'>>
}

export interface ServeOptions {
  readonly port: number
  readonly host?: string
  /** Besides the files and the intake of audit logs. */
  readonly plugins?: readonly DepotPlugin[]
  /** Signs the timestamp anew this often, ms; null never. */
  readonly refreshEveryMs?: number | null
  readonly onError?: (error: unknown) => void
}

const HOUR_MS = 3_600_000

/** A publisher's depot in one folder. Every change is on the disk when its call returns; {@link publish} shows it to consoles. */
export class Depot {
  readonly layout: DepotLayout
  readonly content: Content
  readonly #clock: Pick<Clock, 'now'>
  readonly #keys: KeyStore

  private constructor(dir: string, options: DepotOptions) {
    this.layout = depotLayout(dir)
    this.content = new Content(this.layout.content, this.layout.ways)
    this.#clock = options.clock
    this.#keys = new KeyStore(this.layout.keys, options.passphrase ?? null)
  }

  /** Makes keys and an empty policy in a folder that is no depot yet, and publishes. Throws `depot.exists`. */
  static async create(dir: string, options: CreateOptions): Promise<Depot> {
    const depot = new Depot(dir, options)
    if (await depot.#config().catch(() => null)) throw new AppError('depot.exists', { detail: { path: dir } })
    await writeConfig(depot.layout, await createConfig(depot.#keys, options))
    const { content } = depot
    await content.setDocument(POLICY_PATHS.recipients, await createAuditKeys(depot.layout))
    await content.setDocument(POLICY_PATHS.operators, { format: 'slipway.operators/1', operators: [], consoles: [] })
    await content.setDocument(POLICY_PATHS.console, {
      format: 'slipway.console-policy/1',
      offlineDays: 30,
      auditRetentionDays: 90,
      minimumVersion: '0.1.0',
      ...options.policy,
    })
    try {
      await depot.publish()
    } catch (error) {
      // Keys that were made elsewhere sign there: the first publication is a ceremony.
      if (!isAppError(error, 'depot.missing-keys')) throw error
    }
    return depot
  }

  /** Throws `depot.not-a-depot`. */
  static async open(dir: string, options: DepotOptions): Promise<Depot> {
    const depot = new Depot(dir, options)
    await depot.#config()
    return depot
  }

  /** `name`: below `artifacts/`. Throws `artifact.*`, `depot.duplicate`, `file.*`, `disk.full`. */
  async addArtifact(name: string, source: string | Uint8Array, custom: ArtifactCustom): Promise<void> {
    const path = `artifacts/${name}`
    const before = await this.content.artifact(path)
    await checkArtifact(source, custom)
    // Outside the lock: a large file may take minutes, and the timestamp must be kept young meanwhile.
    const stored = await storeArtifact(this.layout, path, source)
    await this.#locked(async () => {
      // A name that meant one file must not come to mean another: somebody may have it on a stick.
      if (before && before.sha256 !== stored.sha256) {
        await rm(targetPlace(this.layout, path, stored.sha256), { force: true })
        throw new AppError('depot.duplicate', { detail: { path } })
      }
      await this.content.setArtifact(path, { ...stored, slipway: custom })
    })
  }

  /** Checked and linted against the profiles that are here. Throws `document.*`, `depot.lint`. */
  addPlan(plan: PlanInput): Promise<void> {
    return this.setDocument(`plans/${plan.id}.json`, plan)
  }
  addProfile(profile: ProfileInput): Promise<void> {
    return this.setDocument(`profiles/${profile.type}.json`, profile)
  }
  addSite(site: z.input<typeof Site>): Promise<void> {
    return this.setDocument(`sites/${site.id}.json`, site)
  }

  /** Any document of ours under its target path. */
  async setDocument(path: string, document: unknown): Promise<void> {
    await checkDocument(this.content, path, document)
    await this.#locked(() => this.content.setDocument(path, document))
  }

  /** Takes a document or an artifact out of what will be published. Throws `file.not-found`. */
  async remove(path: string): Promise<void> {
    await this.#locked(() => this.content.remove(path))
  }

  /** Lets in the person and the laptop of a request. Throws `document.*`, `depot.duplicate`. */
  async addOperator(request: Uint8Array, grant: Grant, name = 'request'): Promise<string> {
    const enrolment = readEnrolment(request, name)
    await this.#changeOperators((policy) => withOperator(policy, enrolment, grant))
    return enrolment.operator.id
  }
  removeOperator(id: string): Promise<void> {
    return this.#changeOperators((policy) => withoutOperator(policy, id))
  }
  setLease(id: string, notAfter: string): Promise<void> {
    return this.#changeOperators((policy) => withLease(policy, id, notAfter))
  }
  async operators(): Promise<OperatorsPolicy> {
    return readOperators((await this.content.document(POLICY_PATHS.operators)) ?? Buffer.alloc(0))
  }

  /**
   * A new key in the place of one of the role's; `keyid` null: of its first. `publicKey`: one that was made elsewhere;
   * null makes one here. Consoles learn of it with {@link publish}.
   */
  async rotateKey(role: string, keyid: string | null = null, publicKey: string | null = null): Promise<void> {
    await this.#locked(async () =>
      writeConfig(this.layout, await rotated(await this.#config(), this.#keys, { role, keyid, publicKey })),
    )
  }
  /** Takes a key out of its role. Throws `depot.unknown-key`, and `depot.missing-keys` when too few would be left. */
  async revokeKey(keyid: string): Promise<void> {
    await this.#locked(async () => writeConfig(this.layout, revoked(await this.#config(), keyid)))
  }

  /** Signs and puts in force what has changed; before that, makes the deltas that are missing: that may take minutes. */
  async publish(options: Pick<MakeDeltas, 'onMade'> = {}): Promise<PublishReport> {
    const { layout, content } = this
    await makeDeltas({ layout, content, count: (await this.#config()).deltas, ...options })
    return this.#locked(async () => {
      const report = await publish({ ...(await this.#signing()), published: await readPublished(this.layout) })
      await rm(this.layout.pending, { force: true })
      return report
    })
  }

  /**
   * What the next publication needs and the keys here cannot sign alone. It is kept: publishing takes what comes back.
   * Throws `depot.nothing-to-sign`.
   */
  async requestSignatures(): Promise<SigningRequest> {
    return this.#locked(async () => {
      const request = await prepareRequest({ ...(await this.#signing()), published: await readPublished(this.layout) })
      await writePending(this.layout, request)
      return request
    })
  }
  /** Takes signatures that were made elsewhere, and says how far each file is. Throws `depot.ceremony-other`. */
  async takeSignatures(back: SigningRequest): Promise<readonly Progress[]> {
    return this.#locked(async () => {
      const request = withSignatures(await readPending(this.layout), back)
      await writePending(this.layout, request)
      return request.files.map(progressOf)
    })
  }

  /** Throws `depot.not-published`. */
  async refresh(): Promise<PublishReport> {
    return this.#locked(async () => {
      const published = await this.#published()
      return refreshPublished({ ...(await this.#signing()), published })
    })
  }

  /** Whether a console could open it. */
  async isPublished(): Promise<boolean> {
    return (await readPublished(this.layout)) !== null
  }

  /** SHA-256 of the newest root: what a person compares on the console. */
  async fingerprint(): Promise<{ readonly version: number; readonly fingerprint: string }> {
    const { root } = await this.#published()
    return { version: root.version, fingerprint: sha256Hex(root.bytes) }
  }

  async status(): Promise<DepotStatus> {
    const [config, published] = [await this.#config(), await readPublished(this.layout)]
    return depotStatus({
      config,
      published,
      content: this.content,
      here: await this.#keys.keyids(),
      now: this.#clock.now(),
    })
  }

  /** What `slipway depot audit` works on. Throws `depot.missing-keys` where the intake is on another machine. */
  audit(): Promise<AuditCommandContext> {
    return auditContext(this.layout, this.content, this.#clock)
  }

  /** Serves the repository and takes audit logs until it is closed, and keeps the timestamp young. */
  async serve(options: ServeOptions): Promise<Serving> {
    const intake = await intakeOf(this.layout, this.content, this.#clock)
    const { depotServer, listen } = await import('./server.ts')
    const server = await depotServer(this.layout, [...intake, ...(options.plugins ?? [])])
    const serving = await listen(server, options)
    const every = options.refreshEveryMs === undefined ? HOUR_MS : options.refreshEveryMs
    const refresh = () => this.refresh().catch(options.onError ?? (() => {}))
    if (every !== null) await refresh()
    const timer = every === null ? null : setInterval(() => void refresh(), every)
    timer?.unref()
    return {
      url: serving.url,
      close: async () => {
        if (timer) clearInterval(timer)
        await serving.close()
      },
    }
  }

  async #changeOperators(change: (policy: OperatorsPolicy) => OperatorsPolicy): Promise<void> {
    await this.#locked(async () => this.content.setDocument(POLICY_PATHS.operators, change(await this.operators())))
  }

  async #signing(): Promise<{
    layout: DepotLayout
    config: DepotConfig
    keys: KeyStore
    content: Content
    pending: SigningRequest | null
    now: number
  }> {
    const { layout, content } = this
    const [config, pending] = [await this.#config(), await readPending(layout)]
    return { layout, content, config, pending, keys: this.#keys, now: this.#clock.now() }
  }

  async #published(): Promise<Published> {
    const published = await readPublished(this.layout)
    if (!published) throw new AppError('depot.not-published')
    return published
  }

  #config(): Promise<DepotConfig> {
    return readConfig(this.layout)
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    return withLock(this.layout.lock, work)
  }
}
