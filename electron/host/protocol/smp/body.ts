import { decode, encode } from 'cborg'
import { AppError } from '../../../../shared/errors.ts'

/** An SMP payload: one CBOR map with text keys. */
export type SmpBody = Readonly<Record<string, unknown>>

/** Definite lengths and shortest integers: what the smallest servers can read. Keys come out sorted. */
export function encodeBody(body: SmpBody): Uint8Array {
  return encode(body, { ignoreUndefinedProperties: true })
}

/**
 * Reads a payload. Zephyr sends maps of indefinite length; a key that comes twice is a message with two
 * meanings and is refused. An empty payload is an empty map. Throws `device.bad-frame`.
 */
export function decodeBody(bytes: Uint8Array): SmpBody {
  if (bytes.length === 0) return {}
  let value: unknown
  try {
    value = decode(bytes, { rejectDuplicateMapKeys: true, allowIndefinite: true })
  } catch (cause) {
    throw new AppError('device.bad-frame', { detail: { what: 'cbor', bytes: bytes.length }, cause })
  }
  if (!isMap(value)) throw new AppError('device.bad-frame', { detail: { what: 'cbor', bytes: bytes.length } })
  return value
}

export function isMap(value: unknown): value is SmpBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** A whole number that is safe to count with; null when the key is absent. Throws `device.bad-frame` on anything else. */
export function wholeNumber(body: SmpBody, key: string): number | null {
  const value = own(body, key)
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongField(key)
  return value
}

export function text(body: SmpBody, key: string): string | null {
  const value = own(body, key)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw wrongField(key)
  return value
}

/** A flag that frugal servers leave out when it is false. */
export function flag(body: SmpBody, key: string): boolean {
  return own(body, key) === true
}

export function own(body: SmpBody, key: string): unknown {
  return Object.hasOwn(body, key) ? body[key] : undefined
}

export function wrongField(field: string): AppError {
  return new AppError('device.bad-frame', { detail: { what: 'smp', field } })
}
