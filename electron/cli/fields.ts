import type { z } from 'zod'
import { LocalPath } from '../../shared/contract/common.ts'
import { DevicePassword, Passphrase, PrivateKey } from '../../shared/contract/people.ts'

/** One value that a method takes, as a flag of the command line. */
export interface Field {
  /** Where it goes in the input: `['second', 'operator']`. */
  readonly path: readonly string[]
  /** `second-operator` */
  readonly flag: string
  /** A secret never stands on a command line: it is asked for, or read from a file. */
  readonly kind: 'text' | 'number' | 'boolean' | 'list' | 'json' | 'path' | 'secret'
  readonly choices: readonly string[]
  readonly required: boolean
}

/** The parts of a zod schema's definition that matter here. */
interface Def {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly element?: z.ZodType
  readonly entries?: Readonly<Record<string, string>>
  readonly shape?: Readonly<Record<string, z.ZodType>>
}

const SECRETS: ReadonlySet<z.ZodType> = new Set([Passphrase, DevicePassword, PrivateKey])
const SCALARS = { string: 'text', enum: 'text', number: 'number', int: 'number', boolean: 'boolean' } as const

/** The fields of a method's input. An input that is no object, such as null, has none. */
export function fieldsOf(input: z.ZodType): Field[] {
  const { schema } = unwrap(input)
  const { shape } = defOf(schema)
  return shape === undefined ? [] : objectFields(shape, [], true)
}

function objectFields(shape: Readonly<Record<string, z.ZodType>>, path: readonly string[], required: boolean): Field[] {
  return Object.entries(shape).flatMap(([key, schema]) => fieldsOfKey([...path, key], schema, required))
}

function fieldsOfKey(path: readonly string[], outer: z.ZodType, parentRequired: boolean): Field[] {
  const { schema, optional } = unwrap(outer)
  const required = parentRequired && !optional
  const def = defOf(schema)
  const flag = path.map(kebab).join('-')
  const field = (kind: Field['kind'], choices: readonly string[] = []): Field[] => [
    { path, flag, kind, choices, required },
  ]
  if (SECRETS.has(schema)) return field('secret')
  if (schema === LocalPath) return field('path')
  if (def.shape !== undefined && path.length === 1) return objectFields(def.shape, path, required)
  if (def.type === 'array' && def.element && scalarKind(defOf(unwrap(def.element).schema)) === 'text')
    return field('list')
  const kind = scalarKind(def)
  return kind === undefined ? field('json') : field(kind, Object.values(def.entries ?? {}))
}

function scalarKind({ type }: Def): Field['kind'] | undefined {
  return Object.hasOwn(SCALARS, type) ? SCALARS[type as keyof typeof SCALARS] : undefined
}

/** Without the wrappers that say only whether a value may be missing. */
function unwrap(outer: z.ZodType): { schema: z.ZodType; optional: boolean } {
  let schema = outer
  let optional = false
  for (;;) {
    const def = defOf(schema)
    if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') optional = true
    const inner = def.innerType ?? def.in
    if (inner === undefined) return { schema, optional }
    schema = inner
  }
}

function defOf(schema: z.ZodType): Def {
  return schema.def
}

/** `maxBytes` -> `max-bytes` */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
