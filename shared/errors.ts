/**
 * The one catalogue of things that can go wrong, and the error that carries them.
 *
 * Codes are `area.reason`. What a person reads for a code, in four languages, lives in
 * `renderer/text/`; a code without a text there fails the tests. A code is never renamed once
 * released: audit entries and support notes carry it.
 */

/** Is it worth trying again: at once, after somebody mended something, or not at all? */
export type Retry = 'now' | 'after-fix' | 'never'

/** Every code, with the retry advice that holds unless the thrower knows better. */
export const ERROR_CATALOGUE = {
  // The wire between a client and the host
  'rpc.bad-frame': 'never',
  'rpc.bad-input': 'never',
  'rpc.bad-output': 'never',
  'rpc.unknown-method': 'never',
  'rpc.version-mismatch': 'never',
  'rpc.too-large': 'never',
  'rpc.too-many-streams': 'now',
  'rpc.closed': 'now',
  'rpc.unauthorised': 'never',
  internal: 'never',
  cancelled: 'now',
  timeout: 'now',

  // Start-up and the laptop itself
  'host.already-running': 'after-fix',
  'host.unavailable': 'now',
  'host.no-keystore': 'after-fix',
  'host.crypto-broken': 'never',
  'host.no-dictionaries': 'after-fix',
  'file.not-found': 'after-fix',
  'file.unreadable': 'after-fix',
  'file.too-large': 'never',
  'disk.full': 'after-fix',

  // Store
  'store.from-the-future': 'after-fix',
  'store.corrupt': 'after-fix',
  'store.read-only': 'after-fix',
  'store.locked': 'now',
  'store.migration-failed': 'after-fix',

  // Trust: signed metadata (TUF) and the signed documents inside
  'trust.none': 'after-fix',
  'trust.bad-json': 'never',
  'trust.bad-metadata': 'never',
  'trust.bad-signature': 'never',
  'trust.threshold': 'never',
  'trust.unknown-key': 'never',
  'trust.expired': 'after-fix',
  'trust.rollback': 'never',
  'trust.mix-and-match': 'never',
  'trust.hash-mismatch': 'now',
  'trust.length-mismatch': 'now',
  'trust.too-large': 'never',
  'trust.too-many-roots': 'never',
  'trust.too-many-delegations': 'never',
  'trust.unknown-target': 'after-fix',
  'trust.fingerprint-mismatch': 'never',
  'trust.already-adopted': 'never',
  'trust.cache-corrupt': 'after-fix',
  'trust.offline-too-long': 'after-fix',
  'trust.clock-behind': 'after-fix',
  'trust.clock-set-back': 'after-fix',
  'trust.unsupported-spec': 'never',
  /** Not wrong yet: an alert that it soon will be. */
  'trust.renew-soon': 'after-fix',
  'document.invalid': 'never',
  'document.unknown-format': 'never',
  'document.wrong-id': 'never',

  // Sync
  'sync.offline': 'after-fix',
  'sync.unreachable': 'now',
  'sync.http': 'now',
  'sync.not-found': 'now',
  'sync.stalled': 'now',
  'sync.bad-certificate': 'after-fix',
  'sync.tls-untrusted': 'after-fix',
  'sync.tls-refused': 'after-fix',
  'sync.proxy': 'after-fix',
  'sync.range-ignored': 'now',
  'sync.changed-on-server': 'now',
  'sync.bad-delta': 'now',
  'sync.busy': 'now',
  'sync.no-server': 'after-fix',
  'sync.bad-url': 'after-fix',
  'sync.not-a-repository': 'after-fix',
  'sync.over-budget': 'after-fix',
  'sync.outside-window': 'after-fix',
  'sync.time-over': 'after-fix',
  'sync.metered': 'after-fix',
  'sync.paused': 'after-fix',

  // Somebody else's repository as a source of files
  'source.unknown': 'after-fix',
  'source.exists': 'after-fix',
  'source.too-many': 'after-fix',
  'source.bad-path': 'never',
  'source.reserved-path': 'never',
  'source.outside-filter': 'after-fix',

  // Packs: a repository in a folder, on a stick
  'pack.not-found': 'after-fix',
  'pack.bad-file': 'never',
  'pack.older': 'never',
  'pack.unreadable': 'after-fix',
  'pack.unwritable': 'after-fix',
  'pack.full': 'after-fix',

  // Artifacts
  'artifact.missing': 'after-fix',
  'artifact.corrupt': 'now',
  'artifact.unreadable': 'never',
  'artifact.wrong-type': 'never',
  'artifact.padded': 'never',
  'artifact.unsigned': 'never',
  'artifact.bad-signature': 'never',
  'artifact.version-mismatch': 'never',

  // Audit
  'audit.no-recipients': 'after-fix',
  'audit.chain-broken': 'never',
  'audit.bad-head': 'never',
  'audit.bad-receipt': 'never',
  'audit.bad-segment': 'never',
  'audit.gap': 'never',
  'audit.fork': 'never',
  'audit.unknown-console': 'after-fix',
  'audit.refused': 'after-fix',
  'audit.truncated': 'never',
  'audit.upload-overdue': 'after-fix',
  /** A segment on a stick whose papers do not fit it. */
  'audit.bad-waybill': 'never',
  /** Other consoles' logs take all the room that they may take here. */
  'audit.carried-full': 'after-fix',
  'audit.carried-overdue': 'after-fix',

  // People
  'people.not-signed-in': 'after-fix',
  'people.unknown-operator': 'after-fix',
  'people.wrong-passphrase': 'now',
  'people.weak-passphrase': 'now',
  'people.too-many-attempts': 'now',
  'people.not-enrolled': 'after-fix',
  'people.lease-ended': 'after-fix',
  'people.lease-ends-soon': 'after-fix',
  'people.role-missing': 'after-fix',
  'people.site-not-allowed': 'after-fix',
  'people.type-not-allowed': 'after-fix',
  'people.second-person-needed': 'after-fix',
  'people.same-person-twice': 'after-fix',
  'people.name-taken': 'now',

  // Links
  'link.not-found': 'after-fix',
  'link.busy': 'after-fix',
  'link.no-permission': 'after-fix',
  'link.lost': 'now',
  'link.refused': 'now',
  'link.timeout': 'now',
  'link.unsupported': 'never',
  'link.bad-address': 'after-fix',
  'link.io': 'now',
  'link.not-searchable': 'after-fix',
  'link.untrusted': 'after-fix',
  /** SSH: another machine than the signed documents name, or a device that was set up anew. */
  'link.host-key-changed': 'after-fix',
  /** SSH: no signed document says by which host key the device is known. */
  'link.host-key-unknown': 'after-fix',

  // Protocols and devices
  'device.no-answer': 'now',
  'device.bad-frame': 'now',
  'device.refused': 'after-fix',
  'device.busy': 'now',
  'device.unauthorised': 'after-fix',
  'device.not-mine': 'never',
  'device.unknown': 'after-fix',
  'device.no-profile': 'after-fix',
  'device.identity-missing': 'after-fix',
  'device.identity-changed': 'after-fix',
  'device.duplicate': 'after-fix',
  'device.gone': 'after-fix',
  'device.no-slot': 'after-fix',
  'device.pending-image': 'after-fix',
  'device.image-rejected': 'never',
  'device.incompatible': 'never',
  /** A boot loader answers in the place of the application; it can say neither whose it is nor go back. */
  'device.in-recovery': 'after-fix',
  /** Nobody vouches any more for the boot loader that answers. */
  'device.unclaimed': 'after-fix',
  /** No boot loader waits there that can be that of the device. */
  'device.no-loader': 'after-fix',
  /** Boot loaders that are alike wait at more than one place. */
  'device.several-loaders': 'after-fix',
  'device.seen-elsewhere': 'after-fix',
  /** No device of the type is known by the serial number that a person read. */
  'device.unknown-serial': 'after-fix',
  'device.readings-differ': 'after-fix',
  /** What was written as one device says now that it is another. */
  'device.mistaken': 'after-fix',
  'device.signature-rejected': 'never',
  'device.image-corrupt': 'now',
  'device.restart-timeout': 'after-fix',
  'device.reverted': 'after-fix',
  'device.wrong-version': 'after-fix',
  'device.no-confirm': 'never',
  'device.no-rollback': 'never',
  'device.rollback-failed': 'after-fix',
  'device.write-failed': 'now',
  /** Less free space on the device than the file needs. */
  'device.no-space': 'after-fix',
  /** The receiver ended a transfer. */
  'device.cancelled': 'now',
  'device.no-prompt': 'now',
  'device.unexpected-answer': 'after-fix',
  'device.not-restored': 'after-fix',
  /** A script on the device refused, or wanted to be asked later for too long. */
  'device.script-failed': 'after-fix',
  /** The device would not check who signed what it is given, or by another key than the profile names. */
  'device.verify-key': 'after-fix',
  'device.verdict-missed': 'after-fix',
  /** A device that passes updates on could not do so. */
  'device.forward-failed': 'after-fix',
  /** The new version runs on trial and was left so: the next restart brings the old one back. */
  'device.unconfirmed': 'after-fix',

  // Recordings of what went over a link
  'trace.unreadable': 'never',
  'trace.unknown': 'after-fix',
  'trace.recording': 'after-fix',
  'trace.unwritable': 'after-fix',

  // Readings and conditions
  'reading.missing': 'after-fix',
  'reading.stale': 'now',
  'reading.unreadable': 'after-fix',
  'reading.out-of-range': 'after-fix',
  'reading.unknown-signal': 'never',
  'condition.false': 'after-fix',
  'condition.error': 'never',
  'condition.not-boolean': 'never',
  'condition.not-attested': 'after-fix',
  'condition.changed-while-writing': 'after-fix',
  'check.failed': 'after-fix',

  // Plans and eligibility
  'plan.unknown': 'after-fix',
  'plan.invalid': 'never',
  'plan.not-yet': 'after-fix',
  'plan.expired': 'after-fix',
  'plan.outside-window': 'after-fix',
  'plan.wrong-site': 'never',
  'plan.wrong-type': 'never',
  'plan.wrong-serial': 'never',
  'plan.wrong-version': 'never',
  'plan.version-unknown': 'after-fix',
  /** The plan only brings back devices of which the boot loader is left. */
  'plan.only-recovery': 'never',
  /** Somebody vouched for the device for the sake of another plan. */
  'plan.other-claim': 'after-fix',
  /** The plan lets nobody say which device a boot loader belongs to. */
  'plan.no-claims': 'after-fix',
  'plan.not-needed': 'never',
  'plan.order': 'after-fix',
  'plan.batch-stopped': 'after-fix',
  'plan.none-fits': 'after-fix',

  'site.unknown': 'after-fix',

  // Runs
  'run.unknown': 'never',
  'run.device-busy': 'after-fix',
  'run.already-active': 'never',
  'run.not-waiting': 'never',
  'run.wrong-answer': 'now',
  'run.console-battery': 'after-fix',
  'run.took-too-long': 'after-fix',
  'run.interrupted': 'after-fix',
  'run.not-safe-to-stop': 'now',
  'run.override-not-allowed': 'never',
  'run.not-final': 'after-fix',
  'run.needs-person': 'after-fix',
  'run.ended-unknown': 'after-fix',

  // Alerts
  'alert.unknown': 'never',

  // Depot (publisher and reference server)
  'depot.not-a-depot': 'after-fix',
  'depot.exists': 'never',
  'depot.unknown-key': 'after-fix',
  'depot.missing-keys': 'after-fix',
  'depot.lint': 'after-fix',
  'depot.not-published': 'after-fix',
  'depot.duplicate': 'never',
  'depot.nothing-to-sign': 'never',
  'depot.ceremony-other': 'after-fix',
  'depot.ceremony-document': 'never',
} as const satisfies Record<string, Retry>

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** Facts that fill the sentence for a code. Plain JSON: they cross the wire and enter the log. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null>>

/** An error as data: on the wire, in a journal row, as the reason for a refusal. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly retry: Retry
  readonly detail: ErrorDetail
}

export interface AppErrorOptions {
  readonly retry?: Retry
  readonly detail?: ErrorDetail
  readonly cause?: unknown
}

/** The only error that is meant to reach a person. Carries a code; the words are chosen at the edge. */
export class AppError extends Error implements ErrorData {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly retry: Retry
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    // The message is for logs and stack traces; no screen shows it.
    const facts = options.detail ? ` ${JSON.stringify(options.detail)}` : ''
    super(`${code}${facts}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retry = options.retry ?? ERROR_CATALOGUE[code]
    this.detail = options.detail ?? {}
  }

  toData(): ErrorData {
    return { code: this.code, retry: this.retry, detail: this.detail }
  }

  static fromData(data: ErrorData): AppError {
    return new AppError(data.code, { retry: data.retry, detail: data.detail })
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code)
}

/**
 * Whatever was thrown, as coded data. An error that is not ours becomes `fallback`, and keeps
 * nothing of its message: that may hold paths or secrets and belongs in the log alone.
 */
export function toErrorData(error: unknown, fallback: ErrorCode = 'internal'): ErrorData {
  if (error instanceof AppError) return error.toData()
  if (error instanceof Error && error.name === 'AbortError') return new AppError('cancelled').toData()
  return new AppError(fallback).toData()
}

/** What support reads out over the phone: `condition.false` -> `E-CONDITION-FALSE`. */
export function supportCode(code: ErrorCode): string {
  return `E-${code.replaceAll('.', '-').toUpperCase()}`
}
