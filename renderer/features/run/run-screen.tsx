import type { RunView } from '../../../shared/model/run.ts'
import { useTicks } from '../../api/clock.ts'
import { useWatch } from '../../api/host.tsx'
import { Conditions, wasRead } from '../../parts/conditions.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { useNames } from '../../parts/names.ts'
import { toneOfRun } from '../../parts/phase.ts'
import { Versions } from '../../parts/versions.tsx'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Sequence, type SequenceStepView } from '../../ui/sequence.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords, type Words } from '../../words.tsx'
import { NowCard } from './now-card.tsx'
import { OverrideButton } from './override.tsx'
import { QuestionCard } from './question-card.tsx'
import { ResultCard } from './result-card.tsx'
import './run.css'

/** The heart: one plan on one device, readable from two metres. */
export function RunScreen(props: { readonly run: string }) {
  const run = useWatch('runs.one', { run: props.run })
  return <LoadedPage of={run}>{(view, at) => <Run run={view} at={at} />}</LoadedPage>
}

function Run(props: { readonly run: RunView; readonly at: number }) {
  const { run, at } = props
  const { say } = useWords()
  const nameOf = useNames()
  const over = run.endedAt !== null
  return (
    <Page
      name={say('run.of', { device: run.deviceName, plan: run.planTitle })}
      title={
        <span className="run-title">
          <a href={paths.device(run.device)}>{run.deviceName}</a>
          <Versions change={run.change} />
        </span>
      }
      lead={say('run.lead', { plan: run.planTitle, actor: nameOf(run.actor) })}
      actions={<PhaseWords run={run} />}
    >
      <Sequence
        label={say('run.sequence')}
        paused={run.needsPerson || run.paused}
        steps={run.steps.map((step) => sequenceStep(step, run, say))}
      />
      {run.linkNote && !over && <ErrorNote error={run.linkNote} tone="caution" />}
      {run.hands !== null && (
        <Notice tone="info" title={say('run.handsTitle')}>
          {run.hands}
        </Notice>
      )}
      {run.result && <ResultCard run={run} result={run.result} />}
      {run.question && <QuestionCard key={run.question.id} run={run} question={run.question} />}
      {!over && !run.question && <NowCard run={run} />}
      {run.reason && !over && !run.question && run.phase !== 'awaiting-safe' && (
        <ErrorNote error={run.reason} tone="caution" about={run.id} />
      )}
      {(!over || run.conditions.some(wasRead)) && (
        <Card title={say('run.conditions')}>
          <Conditions
            conditions={run.conditions}
            at={over ? null : at}
            renderAction={(condition) => (over ? null : <OverrideButton run={run.id} condition={condition} />)}
          />
        </Card>
      )}
    </Page>
  )
}

function sequenceStep(step: RunView['steps'][number], run: RunView, say: Words['say']): SequenceStepView {
  // Where the end is not known, the step in which the trail was lost did not fail: nobody knows.
  const lost = step.state === 'failed' && run.phase === 'unknown'
  const state = lost ? 'unknown' : step.state
  return {
    id: step.id,
    state,
    label: say(`run.${step.id}`),
    stateLabel: say(lost ? 'common.unknown' : `run.${step.state}`),
  }
}

function PhaseWords(props: { readonly run: RunView }) {
  const { run } = props
  const { say, formats } = useWords()
  const { date } = useTicks(1000)
  const index = run.steps.findIndex((step) => step.state === 'now')
  const time = formats.elapsed((run.endedAt ?? date) - run.startedAt)
  return (
    <div className="run-phase">
      <StateIcon tone={toneOfRun(run)} size="large" />
      <div>
        {/* The one thing that is read out by itself: the phase, not every percent. */}
        <p className="run-phase-name" role="status">
          {run.question ? say('run.waitsForYou') : run.paused ? say('run.isPaused') : say(`run.phase-${run.phase}`)}
        </p>
        <p className="quiet">
          {index >= 0 && `${say('run.step', { index: index + 1, of: run.steps.length })}, `}
          {run.endedAt === null ? say('run.elapsed', { time }) : say('run.took', { time })}
        </p>
      </div>
    </div>
  )
}
