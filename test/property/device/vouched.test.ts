/** Whatever happens at a port: nothing is written to a device that neither says itself who it is nor was vouched for. */

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Driver } from '../../../electron/host/device/driver.ts'
import { Expectations } from '../../../electron/host/device/registry/expectations.ts'
import { REGISTRY_TIMING, type RegistryOptions } from '../../../electron/host/device/registry/options.ts'
import { type Occupant, Place } from '../../../electron/host/device/registry/place.ts'
import type { ByteLink } from '../../../electron/host/link/link.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Identity } from '../../../shared/model/device.ts'
import { never, profileOf } from '../../fixtures/devices/bench.ts'

const PROFILE = profileOf('acme-crane')
const ADDRESS = 'sim:port'
const WINDOW_MS = 30_000
const LAST_WORDS_MS = 10_000
const SERIALS = ['A', 'B'] as const
type Serial = (typeof SERIALS)[number]

interface Board {
  readonly serial: Serial
  mode: 'application' | 'loader'
}

type Play =
  | { readonly do: 'plug'; readonly board: Serial }
  | { readonly do: 'unplug' | 'look' | 'detach' | 'start' | 'fall' | 'blink' }
  | { readonly do: 'vouch'; readonly as: Serial }
  | { readonly do: 'write'; readonly by: number }
  | { readonly do: 'wait'; readonly ms: number }

const plays: fc.Arbitrary<Play> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('plug' as const), board: fc.constantFrom(...SERIALS) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('look' as const, 'look' as const, 'detach' as const, 'start' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('unplug' as const, 'fall' as const, 'blink' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('vouch' as const), as: fc.constantFrom(...SERIALS) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), by: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
)

/**
 * A port with a board behind it. `usb`: a board that leaves takes its link with it; else the port stays, and a board that
 * is exchanged is away for at least one look.
 */
class World {
  readonly boards: Readonly<Record<Serial, Board>> = {
    A: { serial: 'A', mode: 'application' },
    B: { serial: 'B', mode: 'application' },
  }
  board: Board | null = null
  mute = false
  /** Raised whenever a board comes: a word is about one presence. */
  presence = 0
  now = 0
  /** Whose boot loader may be taken for it, until when: it was sent there, and none has answered since. */
  sent: { readonly until: number } | null = null
  /** For which presence people vouched, and as whom. */
  word: { readonly presence: number; readonly as: Serial } | null = null
  /** The presence that was taken for what was sent. */
  carried: { readonly presence: number; readonly as: Serial } | null = null
  readonly remembered: Occupant[] = []
  readonly usb: boolean
  readonly place: Place
  readonly #expectations: Expectations
  /** The newest word, whoever gave it. */
  #known: Occupant['vouched'] = null
  #generation = 0

  constructor(usb: boolean) {
    this.usb = usb
    const clock = { now: () => this.now, monotonic: () => this.now }
    this.#expectations = new Expectations(clock)
    const options = {
      openers: [{ scheme: 'sim' as const, open: async () => this.#link() }],
      drivers: [this.#driver()],
      finders: [],
      clock,
      profiles: () => [PROFILE],
      credential: async () => null,
    } as unknown as RegistryOptions
    const port = { address: ADDRESS, label: ADDRESS, found: 'named', usb: null } as const
    this.place = new Place(port, null, options, REGISTRY_TIMING, this.#expectations)
  }

  async play(play: Play): Promise<void> {
    switch (play.do) {
      case 'plug':
        if (this.board) await this.#leave()
        this.board = this.boards[play.board]
        this.presence += 1
        this.#generation += 1
        return
      case 'unplug':
        return this.#leave()
      case 'look':
        return this.#look()
      case 'detach':
        return this.#detach()
      case 'start':
        if (this.board) this.board.mode = 'application'
        return
      case 'fall':
        if (this.board) this.board.mode = 'loader'
        return
      case 'blink':
        this.mute = true
        await this.#look()
        this.mute = false
        return
      case 'vouch': {
        await this.#look()
        const [one] = this.place.waiting
        if (!one) return
        this.word = { presence: this.presence, as: play.as }
        const claim = { how: 'plate', plan: 'p', by: 'ada', second: null, at: 0 } as const
        this.place.vouch(one, identityOf(play.as), claim)
        this.#known = this.place.occupant?.vouched ?? null
        return this.#remember()
      }
      case 'wait':
        this.now += play.ms
        return
      case 'write':
        return this.#write(this.remembered.at(-1 - play.by) ?? null)
    }
  }

  async #write(as: Occupant | null): Promise<void> {
    if (!as) return
    const proved = await this.place.prove(as, never).then(
      () => true,
      () => false,
    )
    if (!proved) return
    // Here a driver would write.
    const { board } = this
    must(board !== null, 'nobody is there')
    if (board?.mode === 'application') return must(board.serial === as.identity.serial, `${board.serial} is another`)
    const granted = [this.word, this.carried].some(
      (word) => word?.presence === this.presence && word.as === as.identity.serial,
    )
    must(granted, `${board?.serial} was written as ${as.identity.serial} on nobody's word`)
  }

  async #detach(): Promise<void> {
    const as = this.place.occupant
    if (!as || !this.board) return
    if (!(await this.place.prove(as, never).catch(() => null))) return
    const claim = this.place.occupant?.vouched?.claim ?? ({ how: 'carried' } as const)
    this.#expectations.expect(ADDRESS, { key: as.key, identity: as.identity, claim }, WINDOW_MS)
    this.sent = { until: this.now + WINDOW_MS }
    this.board.mode = 'loader'
    if (this.usb) this.#generation += 1
  }

  async #look(): Promise<void> {
    await this.place.probe(never)
    const { occupant } = this.place
    if (occupant && !occupant.vouched) this.#expectations.settle(ADDRESS, occupant.key)
    if (occupant?.vouched && occupant.vouched !== this.#known) {
      must(this.sent !== null && this.sent.until >= this.now, 'taken for one that nobody sent')
      this.carried = { presence: this.presence, as: occupant.identity.serial as Serial }
      this.sent = null
      this.#known = occupant.vouched
    }
    // One boot loader has answered: whoever comes after it is a stranger.
    if (this.place.waiting.length > 0) this.sent = null
    // Whoever is still there has little time left to go.
    if (occupant && this.sent) this.sent = { until: Math.min(this.sent.until, this.now + LAST_WORDS_MS) }
    this.#remember()
  }

  #remember(): void {
    const { occupant } = this.place
    if (occupant && this.remembered.at(-1) !== occupant) this.remembered.push(occupant)
  }

  async #leave(): Promise<void> {
    this.board = null
    this.#generation += 1
    if (!this.usb) await this.#look()
  }

  #link(): ByteLink {
    const opened = this.#generation
    const link = {
      kind: 'serial',
      address: ADDRESS,
      close: async () => {},
      alive: () => !this.usb || opened === this.#generation,
    }
    return link as unknown as ByteLink
  }

  #driver(): Driver {
    const asked = (link: unknown): Board => {
      if (!(link as { alive(): boolean }).alive()) throw new AppError('link.lost')
      if (!this.board || this.mute) throw new AppError('device.no-answer')
      return this.board
    }
    return {
      id: 'smp',
      traits: { trialBoot: true, stoppable: true, resumes: true },
      async identify({ link }: { link: unknown }) {
        const { mode, serial } = asked(link)
        if (mode === 'loader') throw new AppError('device.in-recovery')
        return identityOf(serial)
      },
      async loader({ link }: { link: unknown }) {
        return asked(link).mode === 'loader' ? { hardware: null, holds: null, says: {} } : null
      },
    } as unknown as Driver
  }
}

function must(holds: boolean, why: string): void {
  if (!holds) throw new Error(why)
}

const identityOf = (serial: Serial): Identity => ({ type: PROFILE.type, serial, hardware: 'rev-c' })

test('no play of plugging, looking, vouching and writing reaches a device on nobody’s word', async () => {
  const seen = { vouched: 0, carried: 0 }
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(plays, { minLength: 4, maxLength: 40 }), async (usb, list) => {
      const world = new World(usb)
      await world.play({ do: 'plug', board: 'A' })
      await world.play({ do: 'look' })
      for (const play of list) await world.play(play)
      if (world.word) seen.vouched += 1
      if (world.carried) seen.carried += 1
    }),
    { numRuns: 2000 },
  )
  // The plays get where it matters.
  expect(Math.min(seen.vouched, seen.carried)).toBeGreaterThan(50)
})
