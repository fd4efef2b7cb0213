import { ORDINARY, type Patience } from '../../../protocol/smp/client.ts'
import { UPLOAD_TIMING, type UploadTiming } from '../../../protocol/smp/upload.ts'

/** How long the driver waits for what, ms. Tests shorten it; devices decide it. */
export interface SmpTiming {
  /** The first question to a place where perhaps nobody answers. */
  readonly probe: Patience
  readonly ordinary: Patience
  readonly upload: UploadTiming
  /** For the answer to an order to restart. */
  readonly reset: number
  /** Between looks whether the device has gone down, and how long one look waits. */
  readonly look: number
  /** How long a device may take to go down after it took the order. */
  readonly goDown: number
}

export const SMP_TIMING: SmpTiming = {
  probe: { timeout: 800, tries: 3 },
  ordinary: ORDINARY,
  upload: UPLOAD_TIMING,
  reset: 3000,
  look: 300,
  goDown: 5000,
}
