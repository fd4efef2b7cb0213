import type { SourceFile, SourceFiles, SourceView } from '../../../shared/contract/source.ts'
import { list, table } from '../table.ts'
import { inspection } from './artifacts.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, reason, when } from './words.ts'

const one = (source: SourceView, options: ViewOptions) =>
  list([
    ['Source', source.id],
    ['Metadata', source.metadata],
    ['Files', source.targets],
    ['Only', source.paths.length === 0 ? 'all paths' : source.paths.join(' ')],
    ['Fingerprint', source.fingerprint],
    ['Added', `by ${source.addedBy}, ${when(source.addedAt, options)}`],
    ['Checked', when(source.checkedAt, options)],
    ['Named files', source.files],
    ...(source.trouble ? [['Trouble', reason(source.trouble, options)] as const] : []),
  ])

const files = (all: readonly SourceFile[], { formats, ...options }: ViewOptions) =>
  table(
    ['file', 'version', 'size', 'sha-256', 'here', 'plans', 'why not'],
    all.map((file) => [
      file.target,
      file.version,
      formats.bytes(file.bytes),
      file.sha256,
      file.held ? 'yes' : 'no',
      file.plans.map(({ id }) => id).join(', '),
      reason(file.refused, { formats, ...options }),
    ]),
  )

export const sourceViews: Views = {
  'source.inspect': inspection,
  'source.list': (sources: readonly SourceView[], options: ViewOptions) =>
    sources.length === 0 ? 'None.' : blocks(...sources.map((source) => one(source, options))),
  'source.add': one,
  'source.sync': one,
  'source.show': ({ source, files: shown, more }: SourceFiles, options: ViewOptions) =>
    blocks(one(source, options), files(shown, options), more > 0 ? `${more} more. Use --filter.` : ''),
  'source.fetch': (file: SourceFile, options: ViewOptions) => files([file], options),
}
