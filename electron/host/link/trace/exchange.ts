import type { UsbFace } from '../link.ts'
import type { TracedCall, TracedReply } from './format.ts'

/** What a device said to a request, and how long after it, ms. */
export interface Said {
  readonly after: number
  readonly bytes: Uint8Array
}

/** A request of the trace with all that came of it. */
export interface Exchange {
  /** What was asked, without what is different each time. */
  readonly key: string
  /** Whether it changes something at the device. */
  readonly changes: boolean
  readonly request: Uint8Array
  readonly said: Said[]
  readonly face?: UsbFace
  readonly maxPayload?: number
  readonly call?: TracedCall
  reply?: { readonly after: number; readonly reply: TracedReply }
}

/** A frame that a device sends by itself, once so many requests that change something have been delivered. */
export interface SentFrame {
  readonly socket: number
  readonly changesBefore: number
  readonly after: number
  readonly text: string | null
}

/** What stands in a trace, as a device under replay needs it. */
export interface ScriptLines {
  readonly exchanges: Exchange[]
  readonly frames: SentFrame[]
  /** Texts of notes, and before which exchange each stands. */
  readonly notes: { readonly text: string; readonly position: number }[]
}

/** Key of the exchange that stands for the opening of a link. */
export const OPENED = 'open'
