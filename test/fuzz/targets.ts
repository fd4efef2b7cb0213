import type { FuzzTarget } from './target.ts'
import { FASTBOOT } from './targets/fastboot.ts'
import { IMAGES } from './targets/images.ts'
import { MENDER } from './targets/mender.ts'
import { NETWORK } from './targets/network.ts'
import { PACKAGES } from './targets/packages.ts'
import { SERIAL } from './targets/serial.ts'
import { SMP } from './targets/smp.ts'
import { STICKS } from './targets/sticks.ts'
import { TRACES } from './targets/traces.ts'
import { TRUST } from './targets/trust.ts'
import { USB } from './targets/usb.ts'

/** Every parser of what devices, files for devices, and publishers say. */
export const TARGETS: readonly FuzzTarget[] = [
  ...SMP,
  ...USB,
  ...FASTBOOT,
  ...SERIAL,
  ...NETWORK,
  ...IMAGES,
  ...PACKAGES,
  ...TRACES,
  ...STICKS,
  ...MENDER,
  ...TRUST,
]
