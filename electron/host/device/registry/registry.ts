import type { SeenAddress, SignalRow } from '../../../../shared/contract/devices.ts'
import type { Identification, ReadValue } from '../../../../shared/contract/finding.ts'
import { AppError, isAppError, toErrorData } from '../../../../shared/errors.ts'
import { type DeviceKey, type DeviceStatus, type DeviceView, deviceKey } from '../../../../shared/model/device.ts'
import type { Profile } from '../../../../shared/model/profile.ts'
import type { Reading } from '../../../../shared/model/reading.ts'
import { sleep, within } from '../../link/waiting.ts'
import type { ClaimWanted, DeviceAccess, DeviceSession, WaitingLoader } from '../device-access.ts'
import type { Candidate } from './candidates.ts'
import { claimLoader, waitingAt } from './claim.ts'
import { Expectations } from './expectations.ts'
import { identifyAt } from './identify-at.ts'
import { REGISTRY_TIMING, type RegistryOptions, type RegistryTiming } from './options.ts'
import type { Occupant, Place } from './place.ts'
import { Places } from './places.ts'
import { readSources } from './read-sources.ts'
import { type DeviceRecord, isAnswering, recordOf, viewOf } from './record.ts'
import { deviceSession, unread } from './session.ts'
import { type Settled, settlePlace } from './settle.ts'
import { SignalBook } from './signals.ts'
import { Turns } from './turns.ts'
import { SignalWatchers } from './watchers.ts'

/** ms between rows of `lastSeenAt` written for a device that just goes on answering. */
const SEEN_EVERY = 60_000

/** The devices of this console: who is here, who may talk to whom, what they said last. */
export class DeviceRegistry implements DeviceAccess {
  readonly #options: RegistryOptions
  readonly #timing: RegistryTiming
  readonly #places: Places
  readonly #records = new Map<DeviceKey, DeviceRecord>()
  readonly #book = new SignalBook()
  readonly #settling = new Turns()
  readonly #expectations: Expectations
  /** Devices that somebody took for another one. */
  readonly #mistakes = new Map<DeviceKey, AppError>()
  readonly #watchers: SignalWatchers
  readonly #listeners = new Set<() => void>()
  readonly #closed = new AbortController()
  #telling = false

  constructor(options: RegistryOptions) {
    this.#options = options
    this.#timing = { ...REGISTRY_TIMING, ...options.timing }
    const known = options.store.known()
    for (const one of known) this.#records.set(one.key, recordOf(one))
    const typeAt = new Map(known.map(({ address, identity }) => [address, identity.type]))
    this.#watchers = new SignalWatchers((key, signal) => this.#sense(key, signal), this.#closed.signal)
    this.#expectations = new Expectations(options.clock)
    this.#places = new Places(options, this.#timing, {
      expectations: this.#expectations,
      likely: (address) => typeAt.get(address) ?? null,
      settled: (place) => this.#settled(place),
    })
  }

  start(): void {
    this.#places.start()
  }

  async close(): Promise<void> {
    this.#closed.abort(new AppError('cancelled'))
    await this.#places.close()
  }

  list(): readonly DeviceView[] {
    return [...this.#records.values()].map((record) => this.#view(record))
  }

  get(key: DeviceKey): DeviceView | null {
    const record = this.#records.get(key)
    return record ? this.#view(record) : null
  }

  waiting(): readonly WaitingLoader[] {
    return waitingAt(this.#places.list())
  }

  async claim(wanted: ClaimWanted, signal: AbortSignal): Promise<void> {
    const key = deviceKey(wanted.identity)
    const seenAt = () => {
      const record = this.#records.get(key)
      return record && isAnswering(record) ? (record.at?.place.address ?? null) : null
    }
    const place = await claimLoader(wanted, this.#places.list(), seenAt, signal)
    this.#mistakes.delete(key)
    await this.#settled(place)
  }

  async disclaim(key: DeviceKey): Promise<void> {
    const isIt = ({ occupant }: Place) => occupant?.key === key && occupant.vouched !== null
    const place = this.#places.list().find(isIt)
    if (!place) return
    await place.turns.run(this.#closed.signal, async () => {
      if (isIt(place)) place.leave('trying', null)
    })
    await this.#settled(place)
    this.#places.wake(place)
  }

  lastSeen(key: DeviceKey): { readonly address: string; readonly at: number } | null {
    const record = this.#records.get(key)
    return record?.home && record.lastSeenAt !== null ? { address: record.home, at: record.lastSeenAt } : null
  }

  /** Where a device is now and by what it is known there; null: it is away. */
  whereIs(key: DeviceKey): { readonly address: string; readonly candidate: Candidate } | null {
    const at = this.#records.get(key)?.at
    return at ? { address: at.place.address, candidate: at.occupant.candidate } : null
  }

  addresses(): readonly SeenAddress[] {
    return this.#places.views()
  }

  readings(key: DeviceKey): ReadonlyMap<string, Reading> {
    return this.#book.newest(key)
  }

  signals(key: DeviceKey): readonly SignalRow[] {
    const profile = this.#profile(key)
    return profile ? this.#book.rows(key, profile, this.#options.clock) : []
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Profiles, logins or names have changed: everybody is asked again, and by the new ones. */
  lookAgain(): void {
    this.#places.lookAgain()
    this.#changed()
  }

  async use<T>(key: DeviceKey, work: (session: DeviceSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    // Who has just appeared somewhere else may be this device, or another one with its name.
    await this.#settling.run(signal, async () => {})
    const record = this.#records.get(key)
    if (!record?.at || record.at.place.gone) throw new AppError('device.gone', { detail: { device: key } })
    const { place, occupant } = record.at
    return place.turns.run(signal, async () => {
      if (record.rivals.length > 0) throw duplicate(record)
      try {
        const session = await this.#session(record, place, occupant, signal)
        place.working = true
        return await work(session)
      } catch (error) {
        if (isAppError(error, 'link.lost')) await place.failed(error)
        if (!place.occupant) this.#places.wake(place)
        throw error
      } finally {
        place.working = false
        this.#changed()
      }
    })
  }

  async refresh(key: DeviceKey, signal: AbortSignal): Promise<DeviceView | null> {
    await this.use(key, (session) => session.status(signal), signal)
    return this.get(key)
  }

  /** Who answers at an address. Keeps nothing of it. Throws when the signal fires. */
  async identify(address: string, signal: AbortSignal): Promise<Identification> {
    const known = (key: DeviceKey) => this.#records.has(key)
    return identifyAt(address, { ...this.#options, timing: this.#timing, places: this.#places.list(), known }, signal)
  }

  /** Reads what the device's profile names; everything without `sources`. Throws as {@link use} does. */
  async read(key: DeviceKey, sources: readonly string[] | undefined, signal: AbortSignal): Promise<ReadValue[]> {
    return this.use(key, (session) => readSources(session, sources, signal), signal)
  }

  /**
   * A device that restarted shows no image that still waits for the restart: until then the one that answers
   * may be the old one that has not gone down yet.
   */
  async waitForReturn(key: DeviceKey, withinMs: number, signal: AbortSignal): Promise<void> {
    const record = this.#records.get(key)
    if (!record) throw new AppError('device.gone', { detail: { device: key } })
    const { at } = record
    record.restarting = true
    this.#mistakes.delete(key)
    if (at) at.place.awaiting = true
    this.#changed()
    try {
      await within(withinMs, 'device.restart-timeout', signal, async (wait) => {
        while (!(await this.#isBack(key, wait))) {
          this.#places.lookForReturn()
          await sleep(this.#timing.returning, wait)
        }
      })
    } finally {
      record.restarting = false
      if (at) at.place.awaiting = false
      this.#changed()
    }
  }

  /** Reads the device's signals as often as its profile says, until released. */
  watchSignals(key: DeviceKey): () => void {
    return this.#watchers.watch(key)
  }

  async #session(record: DeviceRecord, place: Place, expected: Occupant, signal: AbortSignal): Promise<DeviceSession> {
    const device = await place.prove(expected, signal)
    this.#seen(record, place)
    return deviceSession({
      key: record.key,
      identity: record.identity,
      driver: (place.occupant ?? expected).candidate.driver,
      device,
      claim: place.occupant?.vouched?.claim ?? null,
      expectLoader: (withinMs) => {
        const claim = place.occupant?.vouched?.claim ?? ({ how: 'carried' } as const)
        this.#expectations.expect(place.address, { key: record.key, identity: record.identity, claim }, withinMs)
      },
      noteStatus: (status) => this.#noteStatus(record, status),
      noteReadings: (readings, roundTripMs) => {
        record.roundTripMs = roundTripMs ?? record.roundTripMs
        this.#book.add(record.key, readings)
        this.#changed()
      },
      noteLoss: (error) => place.failed(error),
    })
  }

  async #isBack(key: DeviceKey, signal: AbortSignal): Promise<boolean> {
    const mistake = this.#mistakes.get(key)
    if (mistake) throw mistake
    try {
      const status = await this.use(key, (session) => session.status(signal), signal)
      return !status.slots.some((slot) => slot.pending && !slot.active)
    } catch (error) {
      if (signal.aborted || !isAppError(error)) throw error
      return false
    }
  }

  /** Reads what is due. That nobody could be asked is a reading too. */
  async #sense(key: DeviceKey, signal: AbortSignal): Promise<void> {
    const profile = this.#profile(key)
    if (!profile || this.#records.get(key)?.restarting) return
    const due = this.#book.due(key, profile, this.#options.clock.monotonic())
    if (due.length === 0) return
    try {
      await this.use(key, (session) => session.readSignals(due, signal), signal)
    } catch (error) {
      if (signal.aborted || !isAppError(error)) throw error
      const specs = profile.signals.filter(({ id }) => due.includes(id))
      this.#book.add(key, unread(specs, error, this.#options.clock))
      this.#changed()
    }
  }

  async #settled(place: Place): Promise<void> {
    const { signal } = this.#closed
    await this.#settling
      .run(signal, async () => {
        const settled = await settlePlace(place, this.#records, this.#options.canonical, this.#timing.probe, signal)
        this.#unmask(place)
        if (settled) await this.#appeared(place, settled)
      })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    this.#changed()
    await this.#freshStatus(place, signal)
  }

  /** A device that was written on somebody's word speaks for itself again: it may be another one. */
  #unmask({ address, occupant }: Place): void {
    if (!occupant || occupant.vouched) return
    const expected = this.#expectations.settle(address, occupant.key)
    if (expected?.claim.how !== 'plate') return
    const detail = { expected: expected.key, found: occupant.key, address }
    const mistake = new AppError('device.mistaken', { detail })
    this.#mistakes.set(expected.key, mistake)
    for (const key of [expected.key, occupant.key]) {
      const record = this.#records.get(key)
      if (record) record.trouble = mistake.toData()
    }
  }

  async #appeared(place: Place, { record, isNew }: Settled): Promise<void> {
    const { store, clock } = this.#options
    this.#seen(record, place)
    if (place.occupant?.vouched || (record.kept && (!isNew || record.restarting))) return
    const { identity } = record
    try {
      record.lastSeenBy = await store.appeared({ identity, address: place.address, at: clock.now() })
      record.kept = true
    } catch (error) {
      record.trouble = toErrorData(error)
    }
  }

  async #freshStatus(place: Place, signal: AbortSignal): Promise<void> {
    const record = place.occupant && this.#records.get(place.occupant.key)
    if (!record || record.at?.place !== place || record.rivals.length > 0 || record.restarting) return
    const age = this.#options.clock.now() - (record.statusAt ?? Number.NEGATIVE_INFINITY)
    if (record.status && record.trouble === null && age >= 0 && age < this.#timing.status) return
    try {
      await this.use(record.key, (session) => session.status(signal), signal)
    } catch (error) {
      if (signal.aborted || !isAppError(error)) return
      if (isAnswering(record)) record.trouble = error.toData()
      this.#changed()
    }
  }

  #seen(record: DeviceRecord, place: Place): void {
    // On somebody's word it is dealt with, and not seen.
    if (place.occupant?.vouched) return
    record.home = place.address
    const now = this.#options.clock.now()
    if (place.occupant) record.identity = place.occupant.identity
    if (Math.abs(now - (record.lastSeenAt ?? 0)) > SEEN_EVERY) this.#options.store.saveSeen(record.key, now)
    record.lastSeenAt = now
  }

  #noteStatus(record: DeviceRecord, status: DeviceStatus): void {
    const changed = JSON.stringify(status) !== JSON.stringify(record.status)
    record.status = status
    record.statusAt = this.#options.clock.now()
    record.trouble = null
    if (changed && !record.at?.place.occupant?.vouched)
      this.#options.store.saveStatus(record.key, status, record.statusAt)
    this.#changed()
  }

  #profile(key: DeviceKey): Profile | null {
    const type = this.#records.get(key)?.identity.type
    return this.#options.profiles().find((profile) => profile.type === type) ?? null
  }

  #view(record: DeviceRecord): DeviceView {
    return viewOf(record, this.#profile(record.key)?.title ?? null, this.#options.nameOf(record.identity))
  }

  /** Many changes at once are told once. */
  #changed(): void {
    if (this.#telling) return
    this.#telling = true
    queueMicrotask(() => {
      this.#telling = false
      for (const listener of this.#listeners) listener()
    })
  }
}

function duplicate({ key, at, rivals }: DeviceRecord): AppError {
  const addresses = [at?.place, ...rivals].flatMap((place) => place?.address ?? [])
  return new AppError('device.duplicate', { detail: { device: key, addresses: addresses.join(', ') } })
}
