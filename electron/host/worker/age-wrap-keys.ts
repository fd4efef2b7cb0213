import { packWrapKeys } from '../crypto/age-seal-stock.ts'
import type { Task } from './task.ts'

/** Key exchanges with a recipient, made before there is anything to seal. */
export const ageWrapKeys: Task<{ readonly recipient: Uint8Array; readonly count: number }, Uint8Array> = ({
  recipient,
  count,
}) => Promise.resolve(packWrapKeys(recipient, count))
