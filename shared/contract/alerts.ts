import { z } from 'zod'
import { ErrorDataSchema } from '../model/error-data.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

/** Bridge practice: alarm = act now, warning = act soon, caution = know it. */
export const AlertLevel = z.enum(['alarm', 'warning', 'caution'])
export type AlertLevel = z.infer<typeof AlertLevel>

export const Alert = z.object({
  id: z.string(),
  level: AlertLevel,
  reason: ErrorDataSchema,
  /** What it is about, and where a click leads: `run:ID`, `device:KEY`, `trust`, `audit`. */
  subject: z.string(),
  raisedAt: z.number(),
  /** False once the cause is gone; the alert stays until a person has acknowledged it. */
  active: z.boolean(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
})
export type Alert = z.infer<typeof Alert>

export const alerts = {
  list: watch('open', Nothing, z.array(Alert)),
  acknowledge: call('open', z.object({ alert: z.string() }), Nothing),
}
