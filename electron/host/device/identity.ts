import { AppError, isAppError } from '../../../shared/errors.ts'
import { Identity } from '../../../shared/model/device.ts'
import type { Profile, Source } from '../../../shared/model/profile.ts'
import { interpret, type Raw } from './readings.ts'

type IdentityField = Profile['identity']['serial']

/**
 * Asks a device who it is, by the sources its profile names. Null: it is something else. Throws
 * `device.identity-missing` for a device of this type that has no usable serial number, and whatever
 * says that nobody answered.
 */
export async function identifyBy(profile: Profile, read: (source: Source) => Promise<Raw>): Promise<Identity | null> {
  const { type, serial, hardware } = profile.identity
  if (type && (await askField(type, read)) !== profile.type) return null
  const found = {
    type: profile.type,
    serial: await askField(serial, read),
    hardware: hardware ? await askField(hardware, read) : null,
  }
  // Without a type to ask for, a device that knows no such serial number is simply another device.
  if (found.serial === null && !type) return null
  const identity = Identity.safeParse(found)
  if (!identity.success) throw new AppError('device.identity-missing', { detail: { type: profile.type } })
  return identity.data
}

/** What the device says for one field; null: it knows no answer. Throws whatever says that nobody answered. */
export async function askField(field: IdentityField, read: (source: Source) => Promise<Raw>): Promise<string | null> {
  try {
    const { value } = interpret(await read(field.source), { type: 'text', map: field.map })
    return value === null || value === '' ? null : String(value)
  } catch (error) {
    if (isAppError(error) && isNoAnswer(error)) throw error
    if (!isAppError(error)) throw error
    return null
  }
}

/** Whether an error means that the device could not be asked at all, rather than that it knows no answer. */
export function isNoAnswer(error: AppError): boolean {
  return (
    error.code.startsWith('link.') ||
    ['device.no-answer', 'device.unauthorised', 'device.busy', 'cancelled', 'timeout'].includes(error.code)
  )
}

/** Whether who answers could not prove to be the one meant, which another profile may see in another way. */
export function isUntrusted({ code }: AppError): boolean {
  return code === 'link.untrusted' || code === 'link.host-key-changed' || code === 'link.host-key-unknown'
}
