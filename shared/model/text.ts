import { z } from 'zod'

/** Names that become file names, URL parts and log subjects: no dots that climb, no surprises. */
export const Slug = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, 'lower-case letters, digits, dot, dash and underscore')
  .refine((text) => !text.includes('..'), 'no double dots')
export type Slug = z.infer<typeof Slug>

/** A sentence or a name for people. Control characters would let a document forge a screen or a log. */
export const Prose = z
  .string()
  .min(1)
  .max(2000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$/, 'no control or direction characters')

/** `YYYY-MM-DDThh:mm:ssZ`, as TUF writes it: no fractions, no zones but Z, and a day that exists. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'YYYY-MM-DDThh:mm:ssZ')
  .refine((text) => {
    const time = Date.parse(text)
    return Number.isFinite(time) && new Date(time).toISOString() === `${text.slice(0, -1)}.000Z`
  }, 'a date that exists')
export type Instant = z.infer<typeof Instant>

/** Milliseconds since 1970 as an {@link Instant}; the fraction of a second is dropped. */
export function toInstant(ms: number): Instant {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hex')
export type Sha256Hex = z.infer<typeof Sha256Hex>

/** A 32-byte Ed25519 public key in lower-case hex. */
export const Ed25519KeyHex = z.string().regex(/^[0-9a-f]{64}$/, 'Ed25519 public key in lower-case hex')
/** A 64-byte Ed25519 signature in lower-case hex. */
export const Ed25519SignatureHex = z.string().regex(/^[0-9a-f]{128}$/, 'Ed25519 signature in lower-case hex')
