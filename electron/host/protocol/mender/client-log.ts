import { AppError, type ErrorCode } from '../../../../shared/errors.ts'
import { printable } from './facts.ts'

/** One line of the client's log. */
export interface LogEntry {
  readonly level: string
  /** Unquoted; may have several lines. */
  readonly text: string
}

/** Longest stretch of the device's words that goes into an error. */
const SHOWN = 300
const MAX_ENTRIES = 2000

/** `time=... level=... msg=...` (clients 2 and 3), `record_id=... severity=... time=... name=... msg=...` (4 and 5). */
const ENTRY = /\b(?:level|severity)=(\w{1,20})(?: (?:time|name)="[^"\n]{0,100}"){0,2} msg=("(?:[^"\\\n]|\\.)*"|\S*)/g

/** Reads the client's standard error. A log line may follow the dots of the progress without a line end between. */
export function parseLog(text: string): readonly LogEntry[] {
  const entries: LogEntry[] = []
  for (const [, level = '', quoted = ''] of text.matchAll(ENTRY)) {
    if (entries.length >= MAX_ENTRIES) break
    entries.push({ level: level.toLowerCase(), text: unquoted(quoted) })
  }
  return entries
}

/** Go's quoting: `\n`, `\"`, `\x1b`, `é`. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\s\S]))/gi, (_, x?: string, u?: string, one?: string) => {
      const hex = x ?? u
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      return one === 'n' ? '\n' : one === 't' ? '\t' : (one ?? '')
    })
}

const DOTS = 70

/** How much of the artifact the client has read, 0..1: seventy dots under a ruler. */
export function downloaded(text: string): number {
  const ruler = text.lastIndexOf('|---')
  if (ruler === -1) return 0
  const after = text
    .slice(ruler)
    .replace(ENTRY, '')
    .replace(/time="[^"\n]*"/g, '')
  return Math.min(1, (after.match(/\./g)?.length ?? 0) / DOTS)
}

/** The client has said that it did not look at the signature. */
export function isUnverified(entries: readonly LogEntry[]): boolean {
  return entries.some(({ text }) => /without verification|no public key was provided/i.test(text))
}

interface Cause {
  readonly words: RegExp
  readonly code: ErrorCode
  readonly reason: string
}

const cause = (words: RegExp, code: ErrorCode, reason: string): Cause => ({ words, code, reason })

/** Words of Mender client 3.4 (PEERS 2.2), most telling first. */
const CAUSES: readonly Cause[] = [
  cause(/no signature file found/i, 'device.signature-rejected', 'unsigned'),
  cause(/failed to parse public key/i, 'device.verify-key', 'bad-key'),
  cause(/invalid signature|signer: /i, 'device.signature-rejected', 'signer'),
  cause(/not compatible with device/i, 'device.incompatible', 'device-type'),
  cause(/dependency .* not satisfied/i, 'device.incompatible', 'depends'),
  cause(/payload type .* is not supported/i, 'device.image-rejected', 'payload-type'),
  cause(/no space left on device/i, 'device.no-space', 'install'),
  cause(/invalid checksum/i, 'device.image-corrupt', 'checksum'),
  cause(/unexpected EOF/i, 'device.image-corrupt', 'truncated'),
  cause(/update module terminated abnormally|module .*exit status/i, 'device.image-rejected', 'module'),
]

/** Why the client refused or broke off, as a code with its own words. */
export function failureOf(entries: readonly LogEntry[]): AppError {
  const script = scriptFailure(entries)
  if (script) return script
  const errors = entries.filter(({ level }) => level === 'error' || level === 'fatal').map(({ text }) => text)
  for (const { words, code, reason } of CAUSES) {
    const text = errors.find((one) => words.test(one))
    if (text !== undefined) return new AppError(code, { detail: { reason, said: shown(text) } })
  }
  return new AppError('device.image-rejected', { detail: { reason: 'other', said: shown(errors.at(-1) ?? '') } })
}

/** A state script that said no, or that wanted to be asked later for too long (exit code 21). */
function scriptFailure(entries: readonly LogEntry[]): AppError | null {
  const retries = entries.flatMap(({ text }) => /statescript: (\S+) requested a retry/i.exec(text)?.[1] ?? [])
  for (const { level, text } of entries) {
    if (level !== 'error') continue
    const [, name, code] = /error executing '([^'\s]{1,200})': (\d{1,5})/.exec(text) ?? []
    const tired = /retry time-limit exceeded/i.test(text)
    if (!name && !tired) continue
    const script = printable(name ?? retries.at(-1) ?? '').slice(0, 100)
    const detail = tired
      ? { reason: 'retry-limit', script, tries: retries.filter((one) => one === script).length }
      : { reason: 'exit', script, exit: Number(code) }
    return new AppError('device.script-failed', { detail: { ...detail, said: scriptSaid(entries, script) } })
  }
  return null
}

/** What a script wrote to its standard error, the last time it ran. */
function scriptSaid(entries: readonly LogEntry[], script: string): string {
  const output = entries.findLast(
    ({ text }) =>
      /^Collected output \(stderr\) while running script/i.test(text) && text.split('\n', 1)[0]?.endsWith(script),
  )
  if (!output) return ''
  return shown(
    output.text
      .split('\n')
      .slice(1)
      .join('\n')
      .replace(/-{5,} ?end of script output\s*$/, ''),
  )
}

function shown(text: string): string {
  const words = printable(text.replace(/^(?:reading headers failed|installer|download failed): /i, '')).trim()
  return words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words
}
