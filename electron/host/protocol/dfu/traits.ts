import type { DfuQuirks } from '../../../../shared/model/dfu-binding.ts'
import { type DfuFunctional, isDfuse } from './descriptors.ts'
import type { DfuTraits } from './flow.ts'

/** Longest control transfer that every system passes on (PROTOCOLS 2.3). */
const MOST_BYTES = 4096

/** What the device says of itself, unless its profile knows better. */
export function traitsOf(functional: DfuFunctional, quirks: DfuQuirks): DfuTraits {
  const transferSize = Math.min(quirks.transferSize ?? functional.transferSize, MOST_BYTES)
  return {
    dfuse: quirks.dfuse ?? isDfuse(functional),
    transferSize,
    ownAddresses: transferSize !== functional.transferSize,
    canUpload: quirks.canUpload ?? functional.canUpload,
    manifestationTolerant: quirks.manifestationTolerant ?? functional.manifestationTolerant,
    willDetach: quirks.willDetach ?? functional.willDetach,
    pollMs: quirks.pollMs ?? null,
    manifestMs: quirks.manifestMs,
    massErase: quirks.massErase,
    ascending: quirks.ascending,
    clearStuckBusy: quirks.clearStuckBusy,
    leaveBlock: quirks.leaveBlock,
  }
}
