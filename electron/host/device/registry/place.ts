import type { SeenAddress } from '../../../../shared/contract/devices.ts'
import { AppError, type ErrorData, isAppError, toErrorData } from '../../../../shared/errors.ts'
import type { Claim } from '../../../../shared/model/claim.ts'
import { type DeviceKey, deviceKey, type Identity } from '../../../../shared/model/device.ts'
import type { DriverBinding } from '../../../../shared/model/profile.ts'
import type { Link, SeenPort } from '../../link/link.ts'
import { openLink } from '../../link/openers.ts'
import { within } from '../../link/waiting.ts'
import { type Credential, type Device, type LoaderFacts, sameLogin } from '../driver.ts'
import { isNoAnswer, isUntrusted } from '../identity.ts'
import { isNameless, sameLoader } from '../loader.ts'
import { type Candidate, candidatesFor, onlyByTls, openOptionsOf, wayOf } from './candidates.ts'
import type { Expectations } from './expectations.ts'
import type { RegistryOptions, RegistryTiming } from './options.ts'
import { Turns } from './turns.ts'

/** Who answers at a place, and by which candidate it was recognised. */
export interface Occupant {
  readonly key: DeviceKey
  readonly identity: Identity
  readonly candidate: Candidate
  /** Only its boot loader answers, which cannot say whose device it is. Null: the device says itself who it is. */
  readonly vouched: Vouched | null
}

/** On whose word, and what its boot loader said then. One word is one object: another is not the same word. */
export interface Vouched {
  readonly claim: Claim
  readonly facts: LoaderFacts
}

/** One type of device whose boot loader may be the one that answers. */
export interface Waiting {
  readonly candidate: Candidate
  readonly facts: LoaderFacts
}

/** One way in which a place was asked who is there. */
export interface Attempt {
  readonly candidate: Candidate
  readonly reason: ErrorData | null
}

/** Unanswered looks in a row after which a device counts as silent: one answer may just have been lost. */
const SILENT_AFTER = 2

/**
 * One address, its link, and who answers there. Whoever uses the link has a turn; every method that waits is
 * called within one.
 */
export class Place {
  port: SeenPort
  readonly turns = new Turns()
  /** How the last look that did not know whom to expect went. */
  attempts: readonly Attempt[] = []
  occupant: Occupant | null = null
  /** A boot loader answers and cannot say whose it is: what it may be. */
  waiting: readonly Waiting[] = []
  state: SeenAddress['state'] = 'trying'
  reason: ErrorData | null = null
  /** Monotonic ms of the last time the occupant proved who it is. */
  confirmedAt = Number.NEGATIVE_INFINITY
  /** Attempts in a row that found nobody. */
  failures = 0
  gone = false
  /** The occupant was proved and somebody works with it now. */
  working = false
  /** Silence is expected: the occupant was told to restart. Its link stays open, for opening may restart it again. */
  awaiting = false
  readonly #options: RegistryOptions
  readonly #timing: RegistryTiming
  #link: { readonly link: Link; readonly way: string; readonly login: Credential | null } | null = null
  readonly #expectations: Expectations | null
  #likely: string | null

  constructor(
    port: SeenPort,
    likely: string | null,
    options: RegistryOptions,
    timing: RegistryTiming,
    expectations: Expectations | null = null,
  ) {
    this.port = port
    this.#likely = likely
    this.#options = options
    this.#timing = timing
    this.#expectations = expectations
  }

  get address(): string {
    return this.port.address
  }

  /**
   * Finds out who answers. Leaves `occupant`, `state` and `reason` true of the moment, and a link open only to a
   * device of ours: other programs may want the port. Throws when the signal fires.
   */
  async probe(signal: AbortSignal): Promise<void> {
    try {
      const expected = this.occupant && this.#current(this.occupant)
      await within(this.#timing.probe, 'device.no-answer', signal, async (wait) => {
        if (!expected || !(await this.#identify(expected, wait).catch(ifNameless))) this.leave('trying', null)
      })
      if (!this.occupant) await within(this.#timing.probe, 'device.no-answer', signal, (wait) => this.#discover(wait))
    } catch (error) {
      if (signal.aborted) throw error
      await this.failed(error)
    }
  }

  /**
   * Proves that the device meant is the one that answers, and hands it out. Throws `device.identity-changed` when
   * another one answers, `device.no-answer`, `link.*`.
   */
  async prove(asked: Occupant, signal: AbortSignal): Promise<Device> {
    // Whoever asks may remember it from before it went to its boot loader, or came back from there.
    const expected = this.occupant?.key === asked.key ? this.occupant : asked
    try {
      const current = this.#current(expected)
      if (!current) throw new AppError('device.no-profile', { detail: { device: expected.key } })
      // Somebody's word is good for the presence in which it was given, and for no other.
      if (expected.vouched && expected !== this.occupant) {
        throw new AppError('device.unclaimed', { detail: { device: expected.key } })
      }
      const device = await this.#identify(current, signal)
      if (device) return device
      throw new AppError('device.identity-changed', { detail: { expected: expected.key } })
    } catch (error) {
      // That a boot loader waits here is known already.
      const waits = this.waiting.length > 0 && isNameless(error)
      if (!signal.aborted && !waits) await this.failed(error)
      throw error
    }
  }

  /** Something went wrong here. What that says of who answers is noted; a lost link is closed. */
  async failed(error: unknown): Promise<void> {
    const reason = toErrorData(error)
    this.failures += 1
    const isSilent = reason.code === 'device.no-answer'
    const vouched = this.occupant?.vouched != null
    if (this.occupant && isSilent && vouched && this.awaiting) return this.leave('trying', null)
    // Whoever cannot say who it is may be somebody else after a single missed answer.
    if (this.occupant && isSilent && !vouched && (this.awaiting || this.failures < SILENT_AFTER)) return
    this.leave(STATE_OF[reason.code] ?? 'silent', reason)
    await this.closeLink()
  }

  /** Nobody is known to be here any more. */
  leave(state: SeenAddress['state'], reason: ErrorData | null): void {
    this.occupant = null
    this.waiting = []
    this.state = state
    this.reason = reason
    this.confirmedAt = Number.NEGATIVE_INFINITY
  }

  /** Takes the boot loader that waits here for that of a device. */
  vouch({ candidate, facts }: Waiting, identity: Identity, claim: Claim): void {
    this.#found({ key: deviceKey(identity), identity, candidate, vouched: { claim, facts } })
  }

  async closeLink(): Promise<void> {
    const open = this.#link
    this.#link = null
    await open?.link.close().catch(() => {})
  }

  /** The occupant as the profiles of the moment see it; null: none of them knows it any more. */
  #current(occupant: Occupant): Occupant | null {
    const { profile, binding } = occupant.candidate
    const candidate = candidatesFor(this.port, this.#options.profiles(), this.#options.drivers, null).find(
      (one) => one.profile.type === profile.type && one.binding.driver === binding.driver,
    )
    return candidate ? { ...occupant, candidate } : null
  }

  /** The device, if it is the one expected; null: another one answers, or nothing of ours. */
  async #identify(expected: Occupant, signal: AbortSignal): Promise<Device | null> {
    const { candidate, vouched } = expected
    const device = await this.#device(candidate, signal)
    if (!vouched) {
      const identity = await candidate.driver.identify(device, signal)
      if (!identity || deviceKey(identity) !== expected.key) return null
      this.#found({ ...expected, identity })
      return device
    }
    // By now it may run its application, which knows.
    const { identity } = await whoSays(candidate, device, signal)
    if (identity && deviceKey(identity) !== expected.key) return null
    if (!identity) {
      const facts = await candidate.driver.loader?.(device, signal)
      if (!facts || !sameLoader(facts, vouched.facts)) return null
      this.#expectations?.linger(this.address)
    }
    this.#found(identity ? { ...expected, identity, vouched: null } : expected)
    return device
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const candidates = candidatesFor(this.port, this.#options.profiles(), this.#options.drivers, this.#likely)
    const silent = new Set<string>()
    let unhealthy: AppError | null = null
    const waiting: Waiting[] = []
    this.attempts = []
    for (const candidate of candidates) {
      // Silence to one profile is silence to all that would ask in the same way.
      const way = `${candidate.driver.id} ${wayOf(candidate.binding, this.port)}`
      if (silent.has(way)) continue
      // Its language is known: other words could only be taken amiss.
      if (waiting.some((one) => one.candidate.driver !== candidate.driver)) continue
      try {
        const device = await this.#device(candidate, signal)
        const { identity, trouble } = await whoSays(candidate, device, signal)
        if (identity) {
          this.#tried(candidate, null)
          return this.#found({ key: deviceKey(identity), identity, candidate, vouched: null })
        }
        const facts = (await candidate.driver.loader?.(device, signal)) ?? null
        if (facts) waiting.push({ candidate, facts })
        else if (trouble) unhealthy = trouble
        this.#tried(candidate, facts ? inLoader(facts) : (trouble ?? new AppError('device.not-mine')))
      } catch (error) {
        if (signal.aborted || !isAppError(error)) throw error
        this.#tried(candidate, error)
        if (error.code === 'device.no-answer') silent.add(way)
        // Another profile may know who this is.
        else if (isNoAnswer(error) && !isUntrusted(error)) throw error
        else unhealthy = error
      }
    }
    if (waiting.length > 0) return this.#waits(waiting)
    if (unhealthy) throw unhealthy
    if (silent.size > 0) throw new AppError('device.no-answer', { detail: { address: this.address } })
    if (candidates.length === 0 && onlyByTls(this.port, this.#options.profiles())) {
      throw new AppError('link.untrusted', { detail: { address: this.address, reason: 'plain' } })
    }
    const code = candidates.length > 0 ? 'device.not-mine' : 'device.no-profile'
    throw new AppError(code, { detail: { address: this.address } })
  }

  /** A boot loader answers. It is taken for the one that was sent here; else it waits, with its link open. */
  #waits(waiting: readonly Waiting[]): void {
    for (const one of waiting) {
      const expected = this.#expectations?.take(this.address, one.candidate.profile.type, one.facts)
      if (!expected) continue
      this.vouch(one, expected.identity, expected.claim)
      return
    }
    const [first] = waiting
    this.leave('boot-loader', first ? inLoader(first.facts).toData() : null)
    this.waiting = waiting
    this.#likely = first?.candidate.profile.type ?? this.#likely
    this.failures = 0
    this.confirmedAt = this.#options.clock.monotonic()
  }

  #tried(candidate: Candidate, error: AppError | null): void {
    this.attempts = [...this.attempts, { candidate, reason: error?.toData() ?? null }]
  }

  #found(occupant: Occupant): void {
    this.occupant = occupant
    this.waiting = []
    this.#likely = occupant.identity.type
    this.state = 'device'
    this.reason = null
    this.failures = 0
    this.confirmedAt = this.#options.clock.monotonic()
  }

  async #device({ profile, binding }: Candidate, signal: AbortSignal): Promise<Device> {
    const credential = await this.#options.credential(this.address)
    const link = await this.#open(binding, credential, signal)
    return { link, profile, binding, clock: this.#options.clock, credential }
  }

  async #open(binding: DriverBinding, login: Credential | null, signal: AbortSignal): Promise<Link> {
    const way = wayOf(binding, this.port)
    // A connection that was logged in to stays as it is only while the login does.
    const fits = this.#link?.way === way && (binding.link !== 'ssh' || sameLogin(this.#link.login, login))
    if (this.#link && fits) return this.#link.link
    await this.closeLink()
    const link = await openLink(this.#options.openers, this.address, openOptionsOf(binding, this.port, login), signal)
    this.#link = { link, way, login }
    return link
  }
}

/** Who answers, if it says so; `trouble`: somebody of ours who cannot. */
async function whoSays({ driver }: Candidate, device: Device, signal: AbortSignal) {
  try {
    return { identity: await driver.identify(device, signal), trouble: null }
  } catch (error) {
    if (signal.aborted || !isAppError(error) || !isNameless(error)) throw error
    return { identity: null, trouble: error }
  }
}

/** Where somebody answers who cannot say who it is, the place is looked at anew. */
function ifNameless(error: unknown): null {
  if (isNameless(error)) return null
  throw error
}

function inLoader({ holds }: LoaderFacts): AppError {
  return new AppError('device.in-recovery', { detail: { held: holds } })
}

const STATE_OF: Partial<Record<ErrorData['code'], SeenAddress['state']>> = {
  'link.busy': 'busy',
  'device.not-mine': 'not-ours',
  'device.no-profile': 'not-ours',
  'device.identity-changed': 'not-ours',
  'device.identity-missing': 'not-ours',
  'link.untrusted': 'not-ours',
  'link.host-key-changed': 'not-ours',
  'link.host-key-unknown': 'not-ours',
}
