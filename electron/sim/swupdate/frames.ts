/** One WebSocket message as SWUpdate prints it: CRLF and tabs, every value a string. */
export function frame(fields: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(fields).map(
    ([name, value]) => `\t${JSON.stringify(name)}: ${JSON.stringify(String(value))}`,
  )
  return `{\r\n${lines.join(',\r\n')}\r\n}\r\n`
}

export const status = (word: string) => frame({ type: 'status', status: word })
export const log = (level: number, text: string) => frame({ type: 'message', level, text })

/** The first messages of every update. */
export function begun(fileName: string): readonly string[] {
  return [
    log(6, 'Software Update started !'),
    status('START'),
    frame({ type: 'source', source: 'WEBSERVER' }),
    frame({ type: 'info', source: fileName }),
    status('RUN'),
    // A field of the daemon that is used twice: the tail of the message before shines through.
    frame({ type: 'info', source: `${fileName}ON" : "1.0.1"}}` }),
    status('DOWNLOAD'),
  ]
}

export function steps(files: readonly string[]): readonly string[] {
  const percents = [0, 37, 100]
  const each = files.flatMap((name, index) =>
    percents.map((percent) => frame({ type: 'step', number: files.length, step: index + 1, name, percent })),
  )
  // One step more than there are, with no name: seen on the real daemon.
  return [
    status('RUN'),
    ...each,
    frame({ type: 'step', number: files.length, step: files.length + 1, name: '', percent: 0 }),
  ]
}

const ready = log(6, 'Waiting for requests...')

export const succeeded = [status('SUCCESS'), log(6, 'SWUPDATE successful !'), status('DONE'), ready] as const

/** Stray states come before a failure, and no DONE after it. */
export function failed(errors: readonly string[]): readonly string[] {
  return [
    ...errors.map((text) => log(3, text)),
    status('RUN'),
    frame({ type: 'step', number: 1, step: 0, name: '', percent: 0 }),
    status('FAILURE'),
    ready,
  ]
}
