import type { Driver } from '../driver.ts'
import { dfuDriver } from './dfu/driver.ts'
import { fastbootDriver } from './fastboot/driver.ts'
import { menderDriver } from './mender/driver.ts'
import { raucDriver } from './rauc/driver.ts'
import { smpDriver } from './smp/driver.ts'
import { swupdateDriver } from './swupdate/driver.ts'
import { type YmodemDriverOptions, ymodemDriver } from './ymodem/driver.ts'

export interface EveryDriverOptions {
  /** First sequence number of an SMP session, 0..255. */
  readonly firstSeq: () => number
  /** The trusted time, for devices without a clock of their own; wall-clock ms. */
  readonly now: () => number
  /** For boot loaders that load by TFTP; without it they cannot. */
  readonly network?: YmodemDriverOptions['network']
}

/** All families of devices that this console can update. */
export function everyDriver({ firstSeq, now, network }: EveryDriverOptions): readonly Driver[] {
  return [
    smpDriver({ firstSeq, now }),
    swupdateDriver(),
    dfuDriver(),
    ymodemDriver(network ? { network } : {}),
    raucDriver(),
    fastbootDriver(),
    menderDriver(),
  ]
}
