import { type ErrorCode, isAppError } from '../../../shared/errors.ts'
import type { DeviceStatus } from '../../../shared/model/device.ts'
import { interpret, type Raw } from './readings.ts'

/** Longer than any version; a device may say anything. */
const MAX_VERSION = 100

/**
 * The version of a component as its source tells it; null when the device would not say (`reading.*` and what else
 * `unsaid` names). A device that does not answer at all is still an error.
 */
export async function versionFrom(
  read: () => Promise<Raw>,
  map: Parameters<typeof interpret>[1]['map'],
  unsaid: readonly ErrorCode[] = [],
): Promise<string | null> {
  try {
    const { value } = interpret(await read(), { type: 'text', map })
    return typeof value === 'string' && value !== '' ? value.slice(0, MAX_VERSION) : null
  } catch (error) {
    if (isAppError(error) && (error.code.startsWith('reading.') || unsaid.includes(error.code))) return null
    throw error
  }
}

/** Of devices that show no slots: what runs is the one that is there. */
export function runningSlots(versions: DeviceStatus['versions']): DeviceStatus['slots'] {
  return Object.entries(versions).map(([component, version]) => ({
    component,
    name: 'running',
    version,
    hash: null,
    active: true,
    pending: false,
    confirmed: true,
    permanent: false,
  }))
}
