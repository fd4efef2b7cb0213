import { type Language, LOCALES } from './language.ts'

/** Between a number and its unit, so that a line never breaks there. */
const NBSP = '\u00a0'
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const YES_NO: Readonly<Record<Language, readonly [string, string]>> = {
  en: ['yes', 'no'],
  de: ['ja', 'nein'],
  no: ['ja', 'nei'],
  es: ['sí', 'no'],
}

/** How numbers, sizes and times are written in one language. Pure: the clock and the zone come in. */
export interface Formats {
  /** At most two decimals. */
  number(value: number): string
  /** 0..1 as a whole percentage, rounded down: 100 % is said only when it is all done. */
  percent(share: number): string
  /** Bytes in decimal units: MB is 10^6. */
  bytes(bytes: number): string
  /** Two sizes in one unit: `1.2 of 1.9 MB`, the word between left to the caller. */
  bytesOf(done: number, total: number): readonly [string, string]
  /** Bytes a second: `62 kB/s`. */
  rate(bytesPerSecond: number): string
  /** A length of time in ms, coarse: `0.8 s`, `12 s`, `3 min`, `5 h`, `38 d`. */
  duration(ms: number): string
  /** A running clock: `01:12`, `1:02:03`. */
  elapsed(ms: number): string
  /** `14 Nov`, with the year when it is not this year's. */
  day(ms: number): string
  /** `09:12:05` */
  time(ms: number): string
  /** `14 Nov 09:12 CET` */
  datetime(ms: number): string
  bool(value: boolean): string
  /** `a, b and c` */
  list(parts: readonly string[]): string
}

export interface FormatOptions {
  /** Wall clock, ms: decides whether a date needs its year. */
  readonly now?: () => number
  /** IANA zone; the laptop's own by default. */
  readonly zone?: string
}

export function createFormats(language: Language, options: FormatOptions = {}): Formats {
  const locale = LOCALES[language]
  const now = options.now ?? Date.now
  const inZone = options.zone === undefined ? {} : { timeZone: options.zone }
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const dayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...inZone })
  const dayMonthYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', ...inZone })
  const year = new Intl.DateTimeFormat('en', { year: 'numeric', ...inZone })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', ...inZone })
  const clockZone = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...inZone,
  })
  const joined = new Intl.ListFormat(locale, { type: 'conjunction' })
  const day = (ms: number) => (year.format(ms) === year.format(now()) ? dayMonth : dayMonthYear).format(ms)
  return {
    number: (value) => plain.format(value),
    percent: (share) => `${whole.format(Math.floor(Math.min(1, Math.max(0, share)) * 100))}${NBSP}%`,
    bytes: (bytes) => {
      const unit = byteUnit(bytes)
      return `${inUnit(bytes, unit)}${NBSP}${unit.name}`
    },
    bytesOf: (done, total) => {
      const unit = byteUnit(total)
      return [inUnit(done, unit), `${inUnit(total, unit)}${NBSP}${unit.name}`]
    },
    rate: (bytesPerSecond) => {
      const unit = byteUnit(bytesPerSecond)
      return `${inUnit(bytesPerSecond, unit)}${NBSP}${unit.name}/s`
    },
    duration: (ms) => duration(Math.max(0, ms)),
    elapsed,
    day,
    time: (ms) => clock.format(ms),
    datetime: (ms) => `${day(ms)}${NBSP}${clockZone.format(ms)}`,
    bool: (value) => YES_NO[language][value ? 0 : 1],
    list: (parts) => joined.format(parts),
  }

  function inUnit(bytes: number, unit: ByteUnit): string {
    const value = bytes / unit.size
    // One decimal only where it tells something: 1.9 MB, but 812 kB.
    return unit.size >= 1e6 || (unit.size === 1000 && value < 10) ? oneDecimal.format(value) : whole.format(value)
  }

  function duration(ms: number): string {
    if (ms < 10 * SECOND) return `${oneDecimal.format(Math.floor(ms / 100) / 10)}${NBSP}s`
    if (ms < MINUTE) return `${whole.format(Math.floor(ms / SECOND))}${NBSP}s`
    if (ms < HOUR) return `${whole.format(Math.floor(ms / MINUTE))}${NBSP}min`
    if (ms < 2 * DAY) return `${whole.format(Math.floor(ms / HOUR))}${NBSP}h`
    return `${whole.format(Math.floor(ms / DAY))}${NBSP}d`
  }
}

interface ByteUnit {
  readonly name: string
  readonly size: number
}

function byteUnit(bytes: number): ByteUnit {
  if (bytes < 1000) return { name: 'B', size: 1 }
  if (bytes < 999_500) return { name: 'kB', size: 1000 }
  if (bytes < 999_950_000) return { name: 'MB', size: 1e6 }
  return { name: 'GB', size: 1e9 }
}

function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
