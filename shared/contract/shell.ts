import { z } from 'zod'
import { call, watch } from '../rpc/define.ts'
import { Nothing } from './common.ts'

/** What the laptop says of its own power. Null: it would not say, and conditions on it are false. */
export const Power = z.object({ battery: z.number().min(0).max(100).nullable(), onMains: z.boolean().nullable() })
export type Power = z.infer<typeof Power>

/**
 * What the host asks of the process that owns the window: the other direction of the app contract,
 * over the pair's own port. Without Electron a local stand-in answers the same calls.
 */
export const shellContract = {
  shell: {
    info: call('open', Nothing, z.object({ keystore: z.enum(['os', 'file']), electron: z.string().nullable() })),
    /** Puts bytes under the keystore of the operating system (`safeStorage`), and takes them out again. */
    protect: call('open', z.object({ bytes: z.base64() }), z.object({ bytes: z.base64() })),
    unprotect: call('open', z.object({ bytes: z.base64() }), z.object({ bytes: z.base64() })),
    /** While true the laptop does not sleep and the window does not close without a question. */
    setWriting: call('open', z.object({ writing: z.boolean() }), Nothing),
    power: watch('open', Nothing, Power),
  },
}
export type ShellContract = typeof shellContract

/** Both ends are of one build; named all the same, so that a mixed installation is refused. */
export const SHELL_VERSION = 1
