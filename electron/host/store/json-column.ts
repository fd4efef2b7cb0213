import type { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'

/** Reads a `json` column back through its schema. Throws `store.corrupt` when it does not fit. */
export function readJson<T>(schema: z.ZodType<T>, text: string, column: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('store.corrupt', { detail: { why: 'column', column }, cause })
  }
}
