import { z } from 'zod'
import { type ErrorCode, isErrorCode } from '../errors.ts'

export const ErrorDataSchema = z.object({
  code: z.string().refine(isErrorCode, 'a code of the catalogue') as unknown as z.ZodType<ErrorCode>,
  retry: z.enum(['now', 'after-fix', 'never']),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
