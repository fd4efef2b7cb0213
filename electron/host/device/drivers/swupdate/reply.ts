import { AppError, isAppError } from '../../../../../shared/errors.ts'

/** A connection that breaks while the package is sent may be how the device refuses it: the WebSocket knows. */
export function isHint(error: unknown): boolean {
  return isAppError(error) && (error.code === 'link.lost' || error.code === 'link.io')
}

/** What a status of the upload says against it; null: nothing, which is no success either. */
export function refusalOf(status: number): AppError | null {
  if (status >= 200 && status < 300) return null
  if (status === 500 || status === 503) return new AppError('device.busy', { detail: { reason: 'installing', status } })
  if (status === 408) return new AppError('device.write-failed', { detail: { reason: 'stalled', status } })
  return new AppError('device.refused', { detail: { what: 'upload', status } })
}
