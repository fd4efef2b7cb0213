import { type FinalPhase, isFinal, type Progress as ProgressView, type RunView } from '../../../shared/model/run.ts'
import { wasRead } from '../../parts/conditions.tsx'
import { Card } from '../../ui/card.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useWords } from '../../words.tsx'
import { Controls } from './controls.tsx'

/** What goes on, how far it is, what comes next, and how to hold it. */
export function NowCard(props: { readonly run: RunView }) {
  const { run } = props
  const { say } = useWords()
  const about = aboutOf(run.phase)
  return (
    <Card tone={run.phase === 'awaiting-safe' ? 'caution' : 'plain'}>
      <div className="now-card">
        {run.paused ? (
          <p>{say('run.pausedNote')}</p>
        ) : run.phase === 'awaiting-safe' ? (
          <Blocked run={run} />
        ) : (
          about !== null && <p>{say(`run.about-${about}`)}</p>
        )}
        {run.progress && !run.paused && <NowProgress progress={run.progress} />}
        <Next run={run} />
        <Controls run={run} />
      </div>
    </Card>
  )
}

/** What the run waits for: the conditions that do not hold, or whatever else the host names. */
function Blocked(props: { readonly run: RunView }) {
  const { say, formats, explain } = useWords()
  const { conditions, reason } = props.run
  const failing = conditions.filter((each) => wasRead(each) && each.state === 'fails').map((each) => each.title)
  const text = reason ? explain(reason) : null
  return (
    <div>
      {failing.length > 0 ? (
        <p className="now-failing">{say('run.waitsFor', { what: formats.list(failing) })}</p>
      ) : (
        text && (
          <>
            <p className="now-failing">{text.what}</p>
            <p>{text.next}</p>
          </>
        )
      )}
      <p>{say('run.about-awaiting-safe')}</p>
    </div>
  )
}

function NowProgress(props: { readonly progress: ProgressView }) {
  const { progress } = props
  const { say, formats } = useWords()
  const isBytes = progress.step === 'write' || progress.step === 'stage'
  const known = isBytes || progress.total > 1 || progress.done > 0
  const share = known && progress.total > 0 ? progress.done / progress.total : null
  const [done, total] = formats.bytesOf(progress.done, progress.total)
  return (
    <div className="now-progress">
      {share !== null && <span className="now-percent">{formats.percent(share)}</span>}
      <div className="now-bar">
        <Progress label={say('run.progress')} share={share} thick />
        <p className="now-facts">
          {isBytes && <span>{say('run.bytes', { done, total })}</span>}
          {isBytes && progress.rate !== null && <span>{formats.rate(progress.rate)}</span>}
          {progress.etaMs !== null && (
            <span>{say(isBytes ? 'run.left' : 'run.waiting', { time: progress.etaMs })}</span>
          )}
        </p>
      </div>
    </div>
  )
}

function Next(props: { readonly run: RunView }) {
  const { run } = props
  const { say } = useWords()
  const hold = run.holds[0]
  const attest = run.conditions.find((each) => each.state === 'needs-person')
  const moment = attest?.at[0]
  return (
    <div className="now-next">
      <span className="quiet">{say('run.next')}</span>
      <ul>
        {hold && <li>{say(`run.next-${hold}`)}</li>}
        {attest && moment && (
          <li>{say('run.nextAttest', { moment: say(`run.moment-${moment}`), title: attest.title })}</li>
        )}
        {!hold && !attest && <li>{say('run.nextNothing')}</li>}
      </ul>
    </div>
  )
}

type Ongoing = Exclude<RunView['phase'], FinalPhase>

/** Endings have their own card. */
function aboutOf(phase: RunView['phase']): Ongoing | null {
  return isFinal(phase) ? null : phase
}
