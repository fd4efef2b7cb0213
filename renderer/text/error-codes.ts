import type { ErrorCode } from '../../shared/errors.ts'

/**
 * What a person reads for a code: what happened and why, then what to do now. The facts come from the
 * error's `detail`; each sentence must also read well without them, since older entries may lack some.
 */
export type ErrorWords = readonly [what: string, next: string]

type CodesOf<Area extends string> = Extract<ErrorCode, `${Area}.${string}`>

/** The words of one area. That no code is without words is a test's job: it names what is missing. */
type Words<Codes extends ErrorCode> = Readonly<Partial<Record<Codes, ErrorWords>>>

export type ConsoleErrors = Words<
  CodesOf<'rpc' | 'host' | 'file' | 'disk' | 'store' | 'alert'> | 'internal' | 'cancelled' | 'timeout'
>
export type TrustErrors = Words<CodesOf<'trust' | 'document' | 'sync' | 'source' | 'pack' | 'artifact'>>
export type PeopleErrors = Words<CodesOf<'audit' | 'people'>>
export type DeviceErrors = Words<CodesOf<'link' | 'device' | 'trace' | 'reading' | 'condition' | 'check'>>
export type RunErrors = Words<CodesOf<'plan' | 'site' | 'run' | 'depot'>>

export type AllErrors = Words<ErrorCode>
