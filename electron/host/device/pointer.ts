import { AppError } from '../../../shared/errors.ts'
import type { Raw } from './readings.ts'

/**
 * The scalar at a JSON pointer (RFC 6901) of a document. Throws `reading.unreadable` when the document is no JSON or
 * the value no scalar, `reading.missing` when there is nothing there.
 */
export function scalarAt(json: string, pointer: string): Raw {
  let value = parse(json)
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      throw new AppError('reading.missing', { detail: { pointer } })
    }
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  throw new AppError('reading.unreadable', { detail: { pointer } })
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new AppError('reading.unreadable', { detail: { reason: 'not-json' } })
  }
}
