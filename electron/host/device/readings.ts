import type { AppError } from '../../../shared/errors.ts'
import type { SignalSpec } from '../../../shared/model/profile.ts'
import type { Reading, ReadingFault, SignalValue } from '../../../shared/model/reading.ts'

/** What a device literally says for one source. */
export type Raw = string | number | boolean

/** How the profile says a raw value becomes a typed one. */
export interface Meaning {
  readonly type: SignalSpec['type']
  readonly map?: Readonly<Record<string, SignalValue>> | undefined
  readonly scale?: number | undefined
  readonly range?: { readonly min: number; readonly max: number } | undefined
}

export type Interpreted =
  | { readonly value: SignalValue; readonly fault: null }
  | { readonly value: null; readonly fault: ReadingFault }

const MAX_TEXT = 200
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/

/**
 * The typed value of what a device said, or why there is none. Nothing is guessed: a word outside the map, a
 * number that is none and a truth that is neither true nor false are unreadable.
 */
export function interpret(raw: Raw, meaning: Meaning): Interpreted {
  const said = typeof raw === 'string' ? raw.trim() : raw
  const value = meaning.map ? mapped(said, meaning.map) : typed(said, meaning.type)
  if (value === null || typeof value !== TYPE_OF[meaning.type]) return { value: null, fault: 'unreadable' }
  if (typeof value !== 'number') return { value, fault: null }
  const scaled = meaning.scale === undefined ? value : value * meaning.scale
  if (!Number.isFinite(scaled)) return { value: null, fault: 'unreadable' }
  const { range } = meaning
  if (range && (scaled < range.min || scaled > range.max)) return { value: null, fault: 'out-of-range' }
  return { value: scaled, fault: null }
}

const TYPE_OF = { bool: 'boolean', number: 'number', text: 'string' } as const

function mapped(said: Raw, map: Readonly<Record<string, SignalValue>>): SignalValue | null {
  const word = String(said)
  return Object.hasOwn(map, word) ? (map[word] ?? null) : null
}

function typed(said: Raw, type: SignalSpec['type']): SignalValue | null {
  if (type === 'text') return String(said).slice(0, MAX_TEXT)
  if (type === 'number' && typeof said === 'string') return NUMBER.test(said) ? Number(said) : null
  return said
}

/** When a device was asked, on both clocks. Age counts from the question: an answer may be as old as that. */
export interface Asked {
  readonly at: number
  readonly time: number
}

/** A reading from what a device said, or from the error that came instead. */
export function readingOf(spec: SignalSpec, said: Raw | AppError, asked: Asked): Reading {
  const base = { signal: spec.id, unit: spec.unit, ...asked }
  if (typeof said === 'object') return { ...base, value: null, fault: faultOf(said), raw: said.code }
  return { ...base, ...interpret(said, spec), raw: String(said).slice(0, MAX_TEXT) }
}

function faultOf(error: AppError): ReadingFault {
  if (error.code === 'link.unsupported' || error.detail.reason === 'not-supported') return 'not-supported'
  if (error.code.startsWith('link.') || error.code === 'device.no-answer') return 'no-answer'
  return 'unreadable'
}

/** Where a value lies in the profile's thresholds. Without a value nobody knows. */
export function levelOf(spec: SignalSpec, value: SignalValue | null): 'normal' | 'warn' | 'alarm' | 'unknown' {
  if (value === null) return 'unknown'
  if (typeof value !== 'number') return 'normal'
  const crosses = (limit: SignalSpec['warn']) =>
    (limit?.below !== undefined && value < limit.below) || (limit?.above !== undefined && value > limit.above)
  if (crosses(spec.alarm)) return 'alarm'
  return crosses(spec.warn) ? 'warn' : 'normal'
}
