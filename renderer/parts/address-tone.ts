import type { SeenAddress } from '../../shared/contract/devices.ts'
import type { Tone } from '../ui/state-icon.tsx'

/** How a port or an address stands, wherever it is listed. */
export const ADDRESS_TONES: Readonly<Record<SeenAddress['state'], Tone>> = {
  trying: 'busy',
  device: 'good',
  'boot-loader': 'warning',
  silent: 'away',
  busy: 'warning',
  'not-ours': 'idle',
}
