import { AppError, type ErrorCode } from '../../../../shared/errors.ts'

/** Device states. USB DFU 1.1 A.1. */
export const STATE = {
  appIdle: 0,
  appDetach: 1,
  idle: 2,
  downloadSync: 3,
  downloadBusy: 4,
  downloadIdle: 5,
  manifestSync: 6,
  manifest: 7,
  manifestWaitReset: 8,
  uploadIdle: 9,
  error: 10,
} as const
export type DfuState = (typeof STATE)[keyof typeof STATE]

/** Answer to DFU_GETSTATUS. */
export interface DfuStatus {
  /** 0: no error; else why it is in its error state. */
  readonly status: number
  /** ms that the device wants to be left alone before the next question. */
  readonly pollMs: number
  readonly state: DfuState
}

/** Throws `device.bad-frame`: six bytes, a status and a state that exist. USB DFU 1.1 6.1.2. */
export function parseStatus(bytes: Uint8Array): DfuStatus {
  const [status, low, middle, high, state] = bytes
  const whole = bytes.length === 6 && status !== undefined && state !== undefined
  if (!whole || !(status in MEANING) || state > STATE.error) {
    throw new AppError('device.bad-frame', {
      detail: { what: 'dfu-status', bytes: Buffer.from(bytes.subarray(0, 16)).toString('hex') },
    })
  }
  return { status, pollMs: (low ?? 0) | ((middle ?? 0) << 8) | ((high ?? 0) << 16), state: state as DfuState }
}

type Meaning = readonly [name: string, code: ErrorCode]

/** USB DFU 1.1 A.2; what ST's boot loaders mean by 1 and 11 is in AN3156. */
const MEANING: Readonly<Record<number, Meaning>> = {
  0: ['OK', 'device.write-failed'],
  1: ['errTARGET', 'device.image-rejected'],
  2: ['errFILE', 'device.image-rejected'],
  3: ['errWRITE', 'device.write-failed'],
  4: ['errERASE', 'device.write-failed'],
  5: ['errCHECK_ERASED', 'device.write-failed'],
  6: ['errPROG', 'device.write-failed'],
  7: ['errVERIFY', 'device.write-failed'],
  8: ['errADDRESS', 'device.image-rejected'],
  9: ['errNOTDONE', 'device.write-failed'],
  10: ['errFIRMWARE', 'device.image-rejected'],
  11: ['errVENDOR', 'device.refused'],
  12: ['errUSBR', 'device.write-failed'],
  13: ['errPOR', 'device.write-failed'],
  14: ['errUNKNOWN', 'device.write-failed'],
  15: ['errSTALLEDPKT', 'device.refused'],
}

/** A device's error state as an error: its own number and name stay in `detail`. */
export function statusError({ status }: DfuStatus, during: string, dfuse: boolean): AppError {
  const [name, code] = MEANING[status] ?? ['unknown', 'device.write-failed']
  // DfuSe says "vendor" when its memory is protected against reading.
  const reason = dfuse && status === 11 ? 'read-protected' : name
  return new AppError(code, { detail: { reason, status, during } })
}

/** States in which the device is at work and wants to be asked again. */
export function isBusy(state: DfuState): boolean {
  return (
    state === STATE.downloadSync ||
    state === STATE.downloadBusy ||
    state === STATE.manifestSync ||
    state === STATE.manifest
  )
}
