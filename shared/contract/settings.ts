import { z } from 'zod'
import { DayWindow } from '../day-window.ts'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

export const Settings = z.object({
  palette: z.enum(['bright', 'day', 'dusk', 'night']),
  size: z.enum(['regular', 'large', 'xl']),
  language: z.enum(['en', 'de', 'no', 'es']),
  /** Minutes without input after which the operator is signed out; 0 is never. */
  signOutAfterMinutes: z.int().min(0).max(480),
  /** Bytes a sync may fetch without asking again; null is no limit. */
  syncBudgetBytes: z.number().min(0).nullable(),
  /** Hours of the day, by the clocks where the laptop is, in which a sync fetches files; null is any. */
  syncWindow: DayWindow.nullable(),
  /** Bytes of urgent files that a sync may fetch over a link that is paid by the byte. */
  syncMeteredBytes: z.number().min(0),
})
export type Settings = z.infer<typeof Settings>

export const settings = {
  get: watch('open', Nothing, Settings),
  set: call('open', Settings.partial(), Settings),
}
