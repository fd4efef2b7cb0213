import { AppError } from '../../../../shared/errors.ts'
import { orAborted } from '../waiting.ts'
import { MAX_BODY, type TracedCall, type TracedReply } from './format.ts'

/** What a request asks. Logins are told by their being there alone. */
export function keyOfCall(call: TracedCall): string {
  switch (call.what) {
    case 'request': {
      const { method, path, headers, body } = call
      const sum = body ? `${body.length}/${body.crc32}` : '-'
      return `${method} ${path} ${sum} ${loggedIn(headers)}`
    }
    case 'socket':
      return `socket ${call.path} ${loggedIn(call.headers)}`
    case 'usb-in':
      return `in ${setupKey(call.setup)} ${call.length}`
    case 'usb-out':
      return `out ${setupKey(call.setup)} ${call.data}`
    case 'bulk-in':
      return `bulk-in ${call.endpoint} ${call.length}`
    case 'bulk-out':
      return `bulk-out ${call.endpoint} ${call.data}`
    case 'claim':
      return `claim ${call.number}`
    case 'select':
      return `select ${call.number} ${call.alternate}`
    case 'reset':
      return 'reset'
    case 'run':
      return `run ${JSON.stringify(call.argv)} ${call.stdin}`
    case 'read-file':
      return `read-file ${call.path}`
    case 'upload':
      return `upload ${call.path} ${call.length} ${call.sha256}`
  }
}

function setupKey({
  type,
  recipient,
  request,
  value,
  index,
}: {
  type: string
  recipient: string
  request: number
  value: number
  index: number
}): string {
  return `${type} ${recipient} ${request} ${value} ${index}`
}

function loggedIn(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization') ? 'known' : 'stranger'
}

/** Commands that only look. Any other may change something. */
const LOOKS: readonly RegExp[] = [
  /\brauc (?:--\S+ \S+ )*(?:status(?! mark)|info)\b/,
  /^mender (?:show-artifact|show-provides|--?version)\b/,
  /^\/usr\/share\/mender\/identity\//,
  // How far a program is that was left running: it reads what that has written.
  /^sh -c \ncd "\$1" 2>\/dev\/null && \[ -f about \] \|\| exit 44\n/,
  /^(?:cat|head|ls|stat|test|df|uname|id|pidof|pgrep|sha256sum|readlink|fw_printenv|true) ?/,
]

/** Whether it may change something at the device. */
export function changesBy(call: TracedCall): boolean {
  switch (call.what) {
    case 'run':
      return !LOOKS.some((looks) => looks.test(call.argv.join(' ')))
    case 'request':
      return call.method !== 'GET'
    case 'upload':
    case 'usb-out':
    case 'bulk-out':
    case 'reset':
      return true
    case 'read-file':
    case 'usb-in':
    case 'bulk-in':
    case 'claim':
    case 'select':
    case 'socket':
      return false
  }
}

export function bytesOf(data: string): Uint8Array {
  return new Uint8Array(Buffer.from(data, 'base64'))
}

/** A recorded body, where all of it was kept. Throws `trace.unreadable`. */
export function wholeBody(body: { readonly length: number; readonly start: string }): Uint8Array {
  if (body.length > MAX_BODY)
    throw new AppError('trace.unreadable', { detail: { reason: 'body-cut', length: body.length } })
  return bytesOf(body.start)
}

/** Throws what was thrown. An answer that nobody waited for came to nobody: it does not come now either. */
export async function throwRecorded(reply: TracedReply, signal: AbortSignal): Promise<void> {
  if (reply.what !== 'error') return
  if (reply.code === 'cancelled') await orAborted(new Promise<never>(() => {}), signal)
  throw new AppError(reply.code, { detail: reply.detail })
}
