import { errorText } from '../../renderer/text/error-text.ts'
import { createFormats } from '../../renderer/text/format.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { CliIo } from './io.ts'
import { plain } from './table.ts'
import { view } from './views/view.ts'

/** Results on the output, everything else on the error output; for people or as JSON lines. */
export interface Printer {
  readonly json: boolean
  value(method: string, value: unknown): void
  /** A remark for people; scripts do not see it. */
  note(text: string): void
  error(error: ErrorData): void
}

export function printer(io: CliIo, json: boolean): Printer {
  const formats = createFormats('en')
  return {
    json,
    value: (method, value) => {
      const text = json ? JSON.stringify(value) : view(method, value, { formats, columns: io.columns })
      if (text !== '') io.out(text)
    },
    note: (text) => {
      if (!json) io.err(plain(text))
    },
    error: (error) => {
      if (json) {
        io.err(JSON.stringify({ error }))
        return
      }
      const { what, next, code } = errorText(error, 'en', formats)
      io.err(plain(what))
      if (next) io.err(plain(next))
      io.err(`(${code})`)
    },
  }
}
