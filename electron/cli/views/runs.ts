import type { RunReport } from '../../../shared/contract/runs.ts'
import { AnswerChoice, type Question, type RunSummary, type RunView } from '../../../shared/model/run.ts'
import { list, table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { blocks, change, reason, versions, when } from './words.ts'

export const runViews: Views = {
  'runs.list': (runs: readonly RunSummary[], options: ViewOptions) =>
    table(
      ['run', 'device', 'change', 'phase', 'progress', 'started', 'by', 'why'],
      runs.map((run) => [
        run.id,
        run.deviceName,
        change(run.change),
        run.needsPerson ? `${run.phase} (needs you)` : run.phase,
        progressOf(run, options),
        when(run.startedAt, options),
        run.actor,
        reason(run.reason, options),
      ]),
    ) || 'No runs yet.',
  'runs.one': runView,
  'runs.start': ({ run }: { readonly run: string }) => `Started: ${run}`,
  'runs.report': ({ run, timeline }: RunReport, options: ViewOptions) =>
    blocks(
      runView(run, options),
      table(
        ['when', 'by', 'action', 'what'],
        timeline.map((event) => [when(event.at, options), event.actor, event.action, event.what]),
      ),
    ),
}

function runView(run: RunView, options: ViewOptions): string {
  const { result } = run
  return blocks(
    list([
      ['Run', `${run.id}: ${run.planTitle}, by ${run.actor}`],
      ['Device', `${run.deviceName} (${run.device})`],
      ['Change', change(run.change)],
      ['Phase', run.phase],
      ...(run.progress ? [['Progress', progressOf(run, options)] as const] : []),
      ...(run.reason && !result ? [['Why', reason(run.reason, options)] as const] : []),
      ...(run.hands ? [['By hand', run.hands] as const] : []),
      ...(result ? [['Result', resultSentence(run, options)] as const] : []),
    ]),
    table(
      ['condition', 'state', 'why'],
      run.conditions.map((condition) => [condition.title, condition.state, reason(condition.reason, options)]),
    ),
    run.question ? questionText(run.id, run.question, options) : '',
  )
}

export function progressOf(run: RunSummary, { formats }: ViewOptions): string {
  const { progress } = run
  if (!progress) return ''
  const share = progress.total > 0 ? formats.percent(progress.done / progress.total) : ''
  const rate = progress.rate === null ? '' : formats.rate(progress.rate)
  const left = progress.etaMs === null ? '' : `about ${formats.duration(progress.etaMs)}`
  return [`step ${progress.index} of ${progress.of}, ${progress.step}`, share, rate, left].filter(Boolean).join(', ')
}

function resultSentence(run: RunView, options: ViewOptions): string {
  const { result } = run
  if (!result) return ''
  const device = {
    'runs-new': 'It runs the new version',
    'runs-old': 'It runs the old version',
    'runs-other': 'It runs another version than either',
    'not-known': 'What it runs now is not known',
  }[result.device]
  const readBack = result.readBack ? `, read back: ${versions(result.readBack)}` : ''
  return [`${result.outcome}. ${device}${readBack}.`, reason(result.reason, options), reason(result.also, options)]
    .filter(Boolean)
    .join(' ')
}

/** What the run asks, and how to answer it from here. */
function questionText(run: string, question: Question, options: ViewOptions): string {
  const asks = {
    hold: () => (question.kind === 'hold' ? `The plan holds ${question.at.replaceAll('-', ' ')}: go on?` : ''),
    attest: () => (question.kind === 'attest' ? `Please confirm: ${question.text}` : ''),
    attention: () =>
      question.kind === 'attention' ? `Decide: ${question.about}. ${reason(question.reason, options)}` : '',
  }[question.kind]()
  const choices = question.choices.filter((choice) => AnswerChoice.options.includes(choice)).join(' | ')
  return `${asks}\nAnswer with: slipway run answer ${run} <${choices}>`
}
