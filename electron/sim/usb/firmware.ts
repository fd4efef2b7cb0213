import { imageBody } from '../artifacts/demo.ts'

/** Raw firmware that the simulated thruster runs. */
export function thrusterFirmware(version: string, size = 20_000, selfTest: 'pass' | 'fail' = 'pass'): Uint8Array {
  return imageBody({ type: 'acme-thruster', version, size, selfTest })
}
