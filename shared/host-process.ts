import { z } from 'zod'
import { AppMode } from './contract/app.ts'
import { ErrorDataSchema } from './model/error-data.ts'

/** What Electron's main process says to the host it has started. Ports travel beside the message. */
export const ToHost = z.discriminatedUnion('type', [
  /** First, with one port: the shell contract is served on its other end. */
  z.strictObject({ type: z.literal('start'), dataDir: z.string().min(1), mode: AppMode }),
  /** With one port: a page is at its other end. */
  z.strictObject({ type: z.literal('page') }),
  /** Stop at safe points, then exit. */
  z.strictObject({ type: z.literal('end') }),
])
export type ToHost = z.infer<typeof ToHost>

/** What the host says back. After either it takes pages: to serve them, or to tell them why not. */
export const FromHost = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('failed'), error: ErrorDataSchema }),
])
export type FromHost = z.infer<typeof FromHost>
