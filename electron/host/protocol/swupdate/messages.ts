/** One message of the device's WebSocket. All of its values arrive as text. */
export type DeviceMessage =
  | { readonly type: 'status'; readonly status: string }
  | { readonly type: 'text'; readonly level: number; readonly text: string }
  /** Begins with the name of the file that is being installed, or is JSON about it. Its tail may be stale (PEERS 1.4). */
  | { readonly type: 'info'; readonly text: string }
  | {
      readonly type: 'step'
      readonly step: number
      readonly of: number
      readonly percent: number
      readonly name: string
    }

const MAX_TEXT = 400

/**
 * Reads one frame. Null for what is not understood or decides nothing, `source` among it.
 */
export function parseMessage(frame: string): DeviceMessage | null {
  const fields = parseObject(frame)
  if (!fields) return null
  const text = (name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    return typeof value === 'string' ? value.slice(0, MAX_TEXT) : typeof value === 'number' ? String(value) : ''
  }
  switch (text('type')) {
    case 'status':
      return { type: 'status', status: text('status').toUpperCase() }
    case 'message':
      return { type: 'text', level: number(text('level')), text: text('text') }
    case 'info':
      // The text of an info sits in its field `source`.
      return { type: 'info', text: text('source') }
    case 'step':
      // `number` is how many there are, `step` which one it is.
      return {
        type: 'step',
        step: number(text('step')),
        of: number(text('number')),
        percent: number(text('percent')),
        name: text('name'),
      }
    default:
      return null
  }
}

function parseObject(frame: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(frame)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function number(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
