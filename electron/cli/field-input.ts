import { resolve } from 'node:path'
import type { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { Field } from './fields.ts'

/** What a person put on the command line for a field: a text, or several for a list. */
export type Given = string | readonly string[] | undefined

/**
 * The input of a method from what was given, laid over `base` (from `--input`).
 * @throws AppError `rpc.bad-input`
 */
export function buildInput(
  method: string,
  schema: z.ZodType,
  fields: readonly Field[],
  given: (field: Field) => Given,
  base: unknown,
): unknown {
  if (fields.length === 0) return checked(method, schema, base ?? null)
  if (base !== undefined && !isObject(base)) throw bad(method, '', 'an object is wanted')
  const input: Record<string, unknown> = structuredClone(base ?? {})
  for (const field of fields) {
    const value = given(field)
    if (value !== undefined) place(input, field.path, parse(method, field, value))
  }
  return checked(method, schema, input)
}

function checked(method: string, schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input)
  const issue = parsed.error?.issues[0]
  if (issue) throw bad(method, issue.path.join('.'), issue.message)
  return input
}

function parse(method: string, field: Field, given: string | readonly string[]): unknown {
  if (typeof given !== 'string') return given
  switch (field.kind) {
    case 'text':
    case 'secret':
      return given
    case 'path':
      // The host stands elsewhere.
      return resolve(given)
    case 'list':
      return [given]
    case 'number':
      if (given === 'none') return null
      if (given.trim() === '' || !Number.isFinite(Number(given))) throw bad(method, field.flag, 'a number is wanted')
      return Number(given)
    case 'boolean':
      if (['true', 'yes', 'on'].includes(given)) return true
      if (['false', 'no', 'off'].includes(given)) return false
      throw bad(method, field.flag, 'yes or no is wanted')
    case 'json':
      return parseJson(method, field.flag, given)
    default:
      return field.kind satisfies never
  }
}

/** @throws AppError `rpc.bad-input` */
export function parseJson(method: string, at: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('rpc.bad-input', { detail: { method, at, why: 'JSON is wanted' }, cause })
  }
}

function place(input: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let object = input
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(object, key) ? object[key] : undefined
    const next: Record<string, unknown> = isObject(inner) ? inner : {}
    object[key] = next
    object = next
  }
  const last = path.at(-1)
  if (last !== undefined) object[last] = value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(method: string, at: string, why: string): AppError {
  return new AppError('rpc.bad-input', { detail: { method, at, why } })
}
