import type { ArtifactKind } from './artifact.ts'
import type { DriverBinding, DriverId } from './profile.ts'

/** The kinds of files that each family of devices takes. A file of any other kind is never sent to one. */
const KINDS: Readonly<Record<DriverId, readonly ArtifactKind[]>> = {
  smp: ['mcuboot'],
  swupdate: ['swu'],
  dfu: ['raw', 'mcuboot', 'dfu', 'dfuse'],
  ymodem: ['raw', 'mcuboot'],
  rauc: ['rauc'],
  fastboot: ['raw', 'mcuboot'],
  mender: ['mender'],
}

/** Whether one of a profile's drivers takes files of this kind. */
export function takesKind(drivers: readonly DriverBinding[], kind: ArtifactKind): boolean {
  return drivers.some(({ driver }) => KINDS[driver].includes(kind))
}
