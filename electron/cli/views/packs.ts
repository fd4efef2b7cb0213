import type { TakenAlong } from '../../../shared/contract/audit.ts'
import type { HandedOver, PackLook, PackMade, PackTaken } from '../../../shared/contract/packs.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, reason, when } from './words.ts'

type NotThere = readonly { readonly target: string; readonly reason: ErrorData }[]

const entries = (n: number) => `${n} ${n === 1 ? 'entry' : 'entries'}`
const receipts = (n: number) => `${n} ${n === 1 ? 'receipt' : 'receipts'}`

function notThere(title: string, files: NotThere, options: ViewOptions): string {
  return table(
    [title, 'why'],
    files.map((file) => [file.target, reason(file.reason, options)]),
  )
}

function handed({ entries: own, others, receipts: given }: HandedOver): string {
  if (own === 0 && others.length === 0 && given === 0) return 'nothing waits to be carried'
  const logs = others.map(({ console, entries: n }) => `the log of ${console}, ${entries(n)}`)
  const parts = [...(own > 0 ? [`the log of this console, ${entries(own)}`] : []), ...logs]
  return [...parts, ...(given > 0 ? [`${receipts(given)} for others`] : [])].join('; ')
}

function along({ logs, receipts: { entries: own, carriers, others } }: TakenAlong): string {
  const by = carriers.length > 0 ? `, carried by ${carriers.join(', ')}` : ''
  const brought = logs.map(({ console, entries: n }) => `the log of ${console}, ${entries(n)}, sent at the next sync`)
  const ours = own > 0 ? [`the publisher's receipt for ${entries(own)} of this console${by}`] : []
  return [...ours, ...brought, ...(others > 0 ? [`${receipts(others)} for others`] : [])].join('; ') || 'none'
}

export const packViews: Views = {
  'packs.look': (look: PackLook, options: ViewOptions) =>
    list([
      ['Folder', look.folder],
      ['Server', look.url],
      ['Made', when(look.madeAt, options)],
      ['Site', look.site],
      ['Files', `${look.artifacts}, ${options.formats.bytes(look.bytes)}`],
      ['Fingerprint', look.root.fingerprint],
      ['Publisher', look.mine === null ? 'none trusted yet' : look.mine ? 'the one trusted here' : 'another one'],
      ['Logs', look.logs.map(({ console, segments }) => `${console} (${segments} sealed)`).join(', ') || 'none'],
      ['Receipts', look.receiptsFor.map((console) => `for ${console}`).join(', ') || 'none'],
    ]),
  'packs.make': (made: PackMade, options: ViewOptions) =>
    blocks(
      list([
        ['Pack', made.folder],
        ['Files', `${made.artifacts}, ${options.formats.bytes(made.bytes)}`],
        ['Good until', when(made.until, options)],
        ['Also carries', made.logFailed ? reason(made.logFailed, options) : handed(made.log)],
      ]),
      notThere('left out', made.leftOut, options),
    ),
  'packs.handOver': (given: HandedOver & { folder: string }) =>
    list([
      ['Folder', given.folder],
      ['Carries', handed(given)],
    ]),
  'packs.take': (taken: PackTaken, options: ViewOptions) =>
    blocks(
      list([
        ['Pack', taken.folder],
        ...(taken.notTaken ? [['Not taken in', reason(taken.notTaken, options)] as const] : []),
        ['As of', when(taken.issuedAt, options)],
        ['Good until', when(taken.until, options)],
        ['Plans', taken.plans],
        ['New files', taken.artifacts],
        ['Still missing', options.formats.bytes(taken.toFetch)],
        ['Logs, receipts', along(taken.along)],
      ]),
      notThere('refused', [...taken.refused, ...taken.along.refused], options),
    ),
}
