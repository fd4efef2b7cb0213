import type { ErrorCode } from '../../../../shared/errors.ts'
import { GROUP } from './packet.ts'

export type Meaning = readonly [reason: string, code: ErrorCode]

/** `mcumgr_err`: version 1, and protocol-level errors of version 2. */
export const COMMON: Readonly<Record<number, Meaning>> = {
  1: ['unknown', 'device.refused'],
  2: ['no-memory', 'device.busy'],
  3: ['invalid', 'device.refused'],
  4: ['timeout', 'device.refused'],
  5: ['no-entry', 'device.refused'],
  6: ['bad-state', 'device.refused'],
  7: ['too-big', 'device.refused'],
  8: ['not-supported', 'device.refused'],
  9: ['corrupt', 'device.bad-frame'],
  10: ['busy', 'device.busy'],
  11: ['access-denied', 'device.unauthorised'],
  12: ['version-too-old', 'device.refused'],
  13: ['version-too-new', 'device.refused'],
}

/** Version 1 numbers mean more when the request was about images (Zephyr `img_mgmt`). */
export const IMAGE_COMMON: Readonly<Record<number, Meaning>> = {
  5: ['no-free-slot', 'device.no-slot'],
  6: ['version-or-slot-state', 'device.image-rejected'],
}

/** `img_mgmt_err`, version 2. */
const IMAGE: Readonly<Record<number, Meaning>> = {
  3: ['no-image', 'device.refused'],
  4: ['no-tlvs', 'device.image-rejected'],
  5: ['invalid-tlv', 'device.image-rejected'],
  8: ['hash-not-found', 'device.no-slot'],
  9: ['no-free-slot', 'device.no-slot'],
  10: ['flash-open', 'device.write-failed'],
  11: ['flash-read', 'device.write-failed'],
  12: ['flash-write', 'device.write-failed'],
  13: ['flash-erase', 'device.write-failed'],
  14: ['invalid-slot', 'device.no-slot'],
  15: ['no-heap', 'device.busy'],
  22: ['header-too-short', 'device.image-rejected'],
  23: ['header-magic', 'device.image-rejected'],
  24: ['bad-hash', 'device.image-corrupt'],
  27: ['running-version-newer', 'device.image-rejected'],
  28: ['already-pending', 'device.pending-image'],
  29: ['vector-table', 'device.incompatible'],
  30: ['too-large', 'device.image-rejected'],
  31: ['data-overrun', 'device.write-failed'],
  32: ['confirm-denied', 'device.refused'],
  33: ['test-of-active-denied', 'device.refused'],
  34: ['active-slot-unknown', 'device.refused'],
}

/** `os_mgmt_err`. */
const OS: Readonly<Record<number, Meaning>> = {
  2: ['invalid-format', 'device.refused'],
  3: ['no-answer-to-query', 'device.refused'],
  4: ['clock-not-set', 'device.refused'],
  5: ['clock-failed', 'device.refused'],
  6: ['invalid-query', 'device.refused'],
}

/** `stat_mgmt_err`. */
const STAT: Readonly<Record<number, Meaning>> = {
  2: ['no-such-group', 'device.refused'],
  3: ['no-such-name', 'device.refused'],
  4: ['invalid-size', 'device.refused'],
  5: ['walk-aborted', 'device.refused'],
}

/** `settings_mgmt_err`. */
const SETTINGS: Readonly<Record<number, Meaning>> = {
  2: ['key-too-long', 'device.refused'],
  3: ['key-missing', 'device.refused'],
  4: ['not-readable', 'device.refused'],
  5: ['no-such-setting', 'device.refused'],
  6: ['not-writable', 'device.refused'],
  7: ['not-deletable', 'device.refused'],
  8: ['not-saved', 'device.refused'],
}

/** `fs_mgmt_err`. */
const FS: Readonly<Record<number, Meaning>> = {
  2: ['invalid-name', 'device.refused'],
  3: ['no-such-file', 'device.refused'],
  4: ['is-a-folder', 'device.refused'],
  5: ['not-opened', 'device.refused'],
  6: ['not-sought', 'device.refused'],
  7: ['not-read', 'device.refused'],
  8: ['not-shortened', 'device.write-failed'],
  9: ['not-deleted', 'device.write-failed'],
  10: ['not-written', 'device.write-failed'],
  11: ['offset', 'device.write-failed'],
  12: ['offset-beyond-end', 'device.refused'],
  13: ['no-such-hash', 'device.refused'],
  14: ['no-such-mount', 'device.refused'],
  15: ['read-only', 'device.refused'],
  16: ['empty-file', 'device.refused'],
}

/** Version 2: each group counts its own refusals. */
export const BY_GROUP: Readonly<Record<number, Readonly<Record<number, Meaning>>>> = {
  [GROUP.os]: OS,
  [GROUP.image]: IMAGE,
  [GROUP.stat]: STAT,
  [GROUP.settings]: SETTINGS,
  [GROUP.fs]: FS,
}
