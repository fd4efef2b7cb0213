import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clockTrouble,
  effectiveTime,
  NO_TIME,
  observeTime,
  raiseFloor,
  refreshTime,
  type TimeSample,
  type TimeState,
} from '../../../electron/host/trust/effective-time.ts'

const [SECOND, HOUR, DAY] = [1000, 3_600_000, 86_400_000]
const YEAR = 365 * DAY
const T = Date.parse('2026-11-20T12:00:00Z')
/** Of what is signed on the day of the sync. */
const DEADLINE = T + 30 * DAY

/** A laptop whose true time is known to the test alone. */
class Laptop {
  state: TimeState
  trueTime = T
  #boot = 0
  #bootedAt = T - HOUR
  /** What its clock shows at a true time. */
  clock: (trueTime: number) => number = (trueTime) => trueTime

  constructor() {
    this.state = raiseFloor(NO_TIME, T, this.sample(), true)
  }

  sample(): TimeSample {
    const uptime = this.trueTime - this.#bootedAt
    return { wall: this.clock(this.trueTime), boot: String(this.#boot), uptime }
  }

  /** Lets time pass with the machine on, as the host notes it down every minute or so. */
  run(ms: number): void {
    for (let left = ms; left > 0; left -= HOUR) {
      this.trueTime += Math.min(left, HOUR)
      this.state = observeTime(this.state, this.sample())
    }
  }

  off(ms: number): void {
    this.trueTime += ms
    this.#boot += 1
    this.#bootedAt = this.trueTime
    this.state = observeTime(this.state, this.sample())
  }

  /** The server is heard, and says what time it is. */
  sync(): void {
    this.state = raiseFloor(this.state, this.trueTime, this.sample(), true)
  }

  /** As the host asks: what it has told once it holds to. */
  get time() {
    this.state = observeTime(this.state, this.sample())
    return effectiveTime(this.state, this.sample())
  }

  get allowed(): boolean {
    return this.time.now < DEADLINE
  }
}

/** [name, what the clock shows, who finds out that it is wrong] */
const BEHIND: readonly [string, (trueTime: number) => number][] = [
  ['1970 and standing', () => 0],
  ['1970 and running', (at) => at - T],
  ['a day behind', (at) => at - DAY],
  ['a year behind', (at) => at - YEAR],
  ['in a zone that is 14 hours behind', (at) => at - 14 * HOUR],
]

describe.each(BEHIND)('a clock that shows %s', (_name, clock) => {
  it('never holds up work that the trusted time allows', () => {
    const laptop = new Laptop()
    laptop.clock = clock
    for (let day = 0; day < 29; day += 1) {
      laptop.run(DAY)
      expect(laptop.allowed, `day ${day}`).toBe(true)
    }
  })

  it('never makes anything last longer while the laptop is on', () => {
    const laptop = new Laptop()
    laptop.clock = clock
    laptop.run(30 * DAY)
    expect(laptop.time.now).toBeGreaterThanOrEqual(DEADLINE)
    expect(laptop.allowed).toBe(false)
  })

  it('is said on the screen', () => {
    const laptop = new Laptop()
    laptop.clock = clock
    laptop.run(HOUR)
    expect(clockTrouble(laptop.time)).toMatchObject({
      code: expect.stringMatching(/^trust\.clock-(?:behind|set-back)$/),
      detail: { byMs: laptop.time.now - laptop.sample().wall },
    })
  })

  it('lets the server be heard', () => {
    const laptop = new Laptop()
    laptop.clock = clock
    laptop.run(5 * DAY)
    // A timestamp of today is no older than its day at the time at which it is judged.
    expect(refreshTime(laptop.state, laptop.sample())).toBeGreaterThan(laptop.trueTime - DAY)
    expect(refreshTime(laptop.state, laptop.sample())).toBeLessThanOrEqual(laptop.trueTime)
  })
})

describe.each([
  ['a year ahead', YEAR],
  ['ten years ahead', 10 * YEAR],
  ['in a zone that is 14 hours ahead', 14 * HOUR],
])('a clock that shows %s', (_name, ahead) => {
  it('may end things early and never late, and never moves what was signed', () => {
    const laptop = new Laptop()
    laptop.clock = (at) => at + ahead
    laptop.run(DAY)
    expect(laptop.time.now).toBe(laptop.trueTime + ahead)
    expect(laptop.allowed).toBe(laptop.trueTime + ahead < DEADLINE)
    expect(laptop.state.floor).toBe(T)
  })

  it('is not forgotten when it is set right, because somebody may have set it back', () => {
    const laptop = new Laptop()
    laptop.clock = (at) => at + ahead
    laptop.run(DAY)
    const was = laptop.time.now
    laptop.clock = (at) => at
    laptop.run(HOUR)
    expect(laptop.time).toMatchObject({ now: was, source: 'high-water' })
    expect(clockTrouble(laptop.time)?.code).toBe('trust.clock-set-back')
  })

  it('is made good by the server, and all of it', () => {
    const laptop = new Laptop()
    laptop.clock = (at) => at + ahead
    laptop.run(DAY)
    laptop.clock = (at) => at
    expect(refreshTime(laptop.state, laptop.sample())).toBe(laptop.trueTime)
    laptop.sync()
    expect(laptop.time).toMatchObject({ now: laptop.trueTime, source: 'wall', clockBehind: false })
    laptop.run(28 * DAY)
    expect(laptop.allowed).toBe(true)
  })
})

it('a battery that is dead at each start: work goes on, and what has passed while it was on counts', () => {
  const laptop = new Laptop()
  laptop.clock = () => 0
  for (let start = 0; start < 60; start += 1) {
    laptop.off(DAY)
    laptop.run(8 * HOUR)
    expect(laptop.allowed || start >= 60, `start ${start}`).toBe(true)
  }
  // 60 days of 8 hours: a lower bound of what has passed, and not less than that.
  expect(laptop.time.now).toBe(T + 60 * 8 * HOUR)
})

it('the time server that arrives in the middle brings the truth, and no more time', () => {
  const laptop = new Laptop()
  laptop.clock = () => 0
  laptop.off(10 * DAY)
  laptop.run(HOUR)
  expect(laptop.time).toMatchObject({ now: T + HOUR, source: 'floor' })
  laptop.clock = (at) => at
  laptop.run(SECOND)
  expect(laptop.time).toMatchObject({ now: laptop.trueTime, source: 'wall', clockBehind: false })
  expect(laptop.allowed).toBe(true)
  // And what it brought is not lost with the next battery.
  laptop.clock = () => 0
  laptop.off(DAY)
  expect(laptop.time.now).toBeGreaterThanOrEqual(T + 10 * DAY)
  laptop.clock = (at) => at
  laptop.off(20 * DAY)
  expect(laptop.allowed).toBe(false)
})

it('validity never grows, whatever anybody does to the clock', () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 3 * DAY }),
    off: fc.boolean(),
    wall: fc.oneof(fc.constant(0), fc.integer({ min: -20 * YEAR, max: 20 * YEAR })),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const laptop = new Laptop()
      let [over, on] = [false, 0]
      for (const { ms, off, wall } of steps) {
        laptop.clock = (at) => Math.max(0, at + wall)
        if (off) laptop.off(ms)
        else {
          laptop.run(ms)
          on += ms
        }
        // Once over, over; and at least what passed while it was on has passed.
        expect(over && laptop.allowed).toBe(false)
        expect(laptop.time.now).toBeGreaterThanOrEqual(T + on)
        over ||= !laptop.allowed
      }
    }),
  )
})
