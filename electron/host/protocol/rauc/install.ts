import { AppError, type ErrorCode, type ErrorDetail } from '../../../../shared/errors.ts'

/** Longest stretch of RAUC's own words that goes into an error. */
const SHOWN = 300

/** `  80% Updating slots`: how far an installation is, percent; null for other lines. */
export function percentOf(line: string): number | null {
  const found = /^\s*(\d{1,3})% /.exec(line)?.[1]
  return found === undefined || Number(found) > 100 ? null : Number(found)
}

interface Words {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly detail?: (found: RegExpExecArray) => ErrorDetail
}

/** RAUC's messages (src/install.c, src/bundle.c, src/signature.c of 1.8), most telling first. */
const REFUSALS: readonly Words[] = [
  {
    pattern: /Compatible mismatch: Expected '([^']*)' but bundle manifest has '([^']*)'/,
    code: 'device.incompatible',
    detail: ([, found = '', expected = '']) => ({ found, expected }),
  },
  { pattern: /Already processing a different method/i, code: 'device.busy' },
  {
    pattern: /signature verification failed|Failed to (?:load|parse|verify) CMS|Invalid signature/i,
    code: 'device.signature-rejected',
  },
  { pattern: /No space left on device|too small for image|[Ii]mage .*bigger than/, code: 'device.no-space' },
  { pattern: /[Cc]hecksum (?:mismatch|verification failed)|did not match/, code: 'device.image-corrupt' },
]

/** Why an installation did not come to its end, by what RAUC said of it. */
export function refusalOf(said: string): AppError {
  const words = lastError(said)
  for (const { pattern, code, detail } of REFUSALS) {
    const found = pattern.exec(words)
    if (found) return new AppError(code, { detail: { ...detail?.(found), said: words } })
  }
  return new AppError('device.image-rejected', { detail: { said: words } })
}

/** `LastError: ...` where RAUC says it, else its last words. */
function lastError(said: string): string {
  const lines = said.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const told = lines.findLast((line) => line.startsWith('LastError: ')) ?? lines.at(-1) ?? ''
  return told.replace(/^LastError: /, '').slice(0, SHOWN)
}
