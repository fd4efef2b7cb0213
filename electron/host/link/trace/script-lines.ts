import { bytesOf, changesBy, keyOfCall } from './calls.ts'
import type { Dialect } from './dialect.ts'
import { type Exchange, OPENED, type ScriptLines } from './exchange.ts'
import type { TraceEvent } from './format.ts'

/** Turns events into exchanges: what was asked, and all that was said to it. */
export function scriptLines(events: readonly TraceEvent[], dialect: Dialect): ScriptLines {
  const script: ScriptLines = { exchanges: [], frames: [], notes: [] }
  const calls = new Map<number, { readonly exchange: Exchange; readonly at: number }>()
  let asked: { readonly exchange: Exchange; readonly at: number }[] = []
  let [out, heard] = [dialect.reader(), dialect.reader()]
  let changes = 0
  let changedAt = 0
  const add = (exchange: Exchange, at: number) => {
    script.exchanges.push(exchange)
    if (exchange.changes) [changes, changedAt] = [changes + 1, at]
    return { exchange, at }
  }
  for (const event of events) {
    const { at } = event
    switch (event.is) {
      case 'open': {
        // A USB device that comes back may have come back as something else.
        const isNews = event.face !== undefined && script.exchanges.length > 0
        ;[out, heard] = [dialect.reader(), dialect.reader()]
        const { face, maxPayload } = event
        asked = [
          add(
            {
              key: OPENED,
              changes: isNews,
              request: new Uint8Array(),
              said: [],
              ...(face && { face }),
              ...(maxPayload && { maxPayload }),
            },
            at,
          ),
        ]
        break
      }
      case 'out':
        for (const request of out(bytesOf(event.data))) {
          const entry = add({ key: dialect.key(request), changes: dialect.changes(request), request, said: [] }, at)
          asked.push(entry)
        }
        break
      case 'in':
        for (const bytes of heard(bytesOf(event.data))) {
          const to = asked.findLast(({ exchange }) => dialect.answers(bytes, exchange.request)) ?? null
          to?.exchange.said.push({ after: Math.max(0, at - to.at), bytes })
        }
        break
      case 'call': {
        const { call } = event
        calls.set(
          event.id,
          add({ key: keyOfCall(call), changes: changesBy(call), request: new Uint8Array(), said: [], call }, at),
        )
        break
      }
      case 'reply': {
        const to = calls.get(event.id)
        if (to) to.exchange.reply = { after: Math.max(0, at - to.at), reply: event.reply }
        break
      }
      case 'frame':
        script.frames.push({
          socket: event.id,
          changesBefore: changes,
          after: Math.max(0, at - changedAt),
          text: event.text,
        })
        break
      case 'note':
        script.notes.push({ text: event.text, position: script.exchanges.length })
        break
      case 'close':
        break
    }
  }
  return script
}
