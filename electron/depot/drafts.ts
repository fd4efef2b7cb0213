import { toInstant } from '../../shared/model/text.ts'
import { pendingFor } from './ceremony/pending.ts'
import { type SigningRequest, validSignatures } from './ceremony/request.ts'
import { type DepotConfig, type DepotRole, keyidOf, type RoleConfig } from './config.ts'
import type { KeyStore } from './key-store.ts'
import { contentOf, type Published, type PublishedFile } from './published.ts'
import { fileFacts, keyRing, type OnShort, roleKeys, type Signed, signMetadata } from './signing.ts'

/** A metadata file as it will be: the published one, or one that was signed just now. */
export interface Draft {
  readonly version: number
  readonly bytes: Uint8Array
  readonly fresh: boolean
}

export interface DraftsOptions {
  readonly config: DepotConfig
  readonly keys: KeyStore
  readonly published: Published | null
  /** Wall clock, ms. */
  readonly now: number
  /** What was sent to be signed elsewhere. */
  readonly pending: SigningRequest | null
  readonly onShort?: OnShort
}

const DAY_MS = 86_400_000
const SPEC = '1.0.31'

/** Signs what has to be signed, and leaves what is still right as it is. */
export class Drafts {
  readonly #config: DepotConfig
  readonly #keys: KeyStore
  readonly #published: Published | null
  readonly #now: number
  readonly #pending: SigningRequest | null
  readonly #onShort: OnShort | null

  constructor(options: DraftsOptions) {
    this.#config = options.config
    this.#keys = options.keys
    this.#published = options.published
    this.#now = options.now
    this.#pending = options.pending
    this.#onShort = options.onShort ?? null
  }

  async root(): Promise<Draft> {
    const { root, targets, snapshot, timestamp } = this.#config.roles
    const before = this.#published?.root
    const content: Signed = {
      _type: 'root',
      consistent_snapshot: true,
      keys: keyRing([root, targets, snapshot, timestamp]),
      roles: {
        root: roleKeys(root),
        targets: roleKeys(targets),
        snapshot: roleKeys(snapshot),
        timestamp: roleKeys(timestamp),
      },
    }
    // TUF 6.1: a new root is signed by those whom the old one trusts, too.
    return this.#draft('root', 'root', content, before, before ? [root, rootKeysOf(before)] : [root])
  }

  async targets(name: string, role: DepotRole, content: Signed): Promise<Draft> {
    return this.#draft(name, role, content, this.#published?.roles.get(name), [this.#config.roles[role]])
  }

  /** Over all targets roles, by name (TUF 4.4). */
  async snapshot(roles: ReadonlyMap<string, Draft>): Promise<Draft> {
    const meta = [...roles].map(([name, file]) => [`${name}.json`, fileFacts(file.version, file.bytes)] as const)
    const content = { _type: 'snapshot', meta: Object.fromEntries(meta) }
    return this.#draft('snapshot', 'snapshot', content, this.#published?.snapshot, [this.#config.roles.snapshot])
  }

  /** The published snapshot, signed anew when it grows old. */
  async sameSnapshot(snapshot: PublishedFile): Promise<Draft> {
    const content = JSON.parse(snapshot.content) as Signed
    return this.#draft('snapshot', 'snapshot', content, snapshot, [this.#config.roles.snapshot])
  }

  /** Always new: that it is young is what it says. */
  async timestamp(snapshot: Draft): Promise<Draft> {
    const content: Signed = {
      _type: 'timestamp',
      meta: { 'snapshot.json': fileFacts(snapshot.version, snapshot.bytes) },
      'x-issued-at': toInstant(this.#now),
    }
    const version = (this.#published?.timestamp.version ?? 0) + 1
    return this.#sign('timestamp', 'timestamp', content, version, null, [this.#config.roles.timestamp])
  }

  async #draft(
    name: string,
    role: DepotRole,
    content: Signed,
    before: PublishedFile | undefined,
    signers: readonly RoleConfig[],
  ): Promise<Draft> {
    const same = before?.content === contentOf({ ...content, spec_version: SPEC })
    if (before && same && !this.#isOld(before, role) && isSignedBy(before, this.#config.roles[role])) {
      return { ...before, fresh: false }
    }
    return this.#sign(name, role, content, (before?.version ?? 0) + 1, before?.bytes ?? null, signers)
  }

  async #sign(
    name: string,
    role: DepotRole,
    content: Signed,
    version: number,
    before: Uint8Array | null,
    signers: readonly RoleConfig[],
  ): Promise<Draft> {
    const lasting = { ...content, spec_version: SPEC }
    const sent = pendingFor(this.#pending, { name, version, content: lasting, now: this.#now })
    const expires = toInstant(this.#now + this.#config.lifetimes[role] * DAY_MS)
    // What others signed must stay as they saw it, its dates as well.
    const signed = sent ? (sent.signed as Signed) : { ...lasting, version, expires }
    const brought = sent ? validSignatures(sent) : new Map<string, string>()
    const bytes = await signMetadata({ name, signed, roles: signers, before, brought }, this.#keys, this.#onShort)
    return { version, bytes, fresh: true }
  }

  /** A third of its life is left: time for somebody to notice when it cannot be signed. */
  #isOld(file: PublishedFile, role: DepotRole): boolean {
    return file.expires - this.#now < (this.#config.lifetimes[role] * DAY_MS) / 3
  }
}

function isSignedBy(file: PublishedFile, { keys, threshold }: RoleConfig): boolean {
  return keys.filter((key) => file.signers.has(keyidOf(key))).length >= threshold
}

function rootKeysOf(root: PublishedFile): RoleConfig {
  const { signed } = JSON.parse(Buffer.from(root.bytes).toString('utf8'))
  const { keyids, threshold } = signed.roles.root as { keyids: string[]; threshold: number }
  return { threshold, keys: keyids.map((keyid) => signed.keys[keyid].keyval.public as string) }
}
