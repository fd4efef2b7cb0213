import { type FinalPhase, isFinal, type Progress as ProgressView, type RunView } from '../../../shared/model/run.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { versionsOf } from '../../parts/phase.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useWords } from '../../words.tsx'

/** What goes on, how far it is, what comes next, and how to hold it. */
export function NowCard(props: { readonly run: RunView }) {
  const { run } = props
  const { say, formats } = useWords()
  const about = aboutOf(run.phase)
  const failing =
    run.phase === 'awaiting-safe'
      ? run.conditions.filter((each) => each.state === 'fails').map((each) => each.title)
      : []
  return (
    <Card tone={run.phase === 'awaiting-safe' ? 'caution' : 'plain'}>
      <div className="now-card">
        {run.paused ? (
          <p>{say('run.pausedNote')}</p>
        ) : failing.length > 0 ? (
          <div>
            <p className="now-failing">{say('run.waitsFor', { what: formats.list(failing) })}</p>
            <p>{say('run.about-awaiting-safe')}</p>
          </div>
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

function Controls(props: { readonly run: RunView }) {
  const { run } = props
  const { say } = useWords()
  const cancel = useCall('runs.cancel')
  const pause = useCall('runs.pause')
  const { from } = versionsOf(run.change)
  const error = cancel.error ?? pause.error
  return (
    <>
      {run.cancelWished && <Notice tone="info" title={say('run.stopWished')} announce />}
      {run.pauseWished && !run.paused && !run.cancelWished && (
        <Notice tone="info" title={say('run.pauseWished')} announce />
      )}
      {error && <ErrorNote error={error} announce />}
      <div className="row">
        {run.paused || run.pauseWished ? (
          <Button
            kind={run.paused ? 'primary' : 'normal'}
            icon="play"
            busy={pause.busy}
            onPress={() => void pause.call({ run: run.id, paused: false })}
          >
            {say('run.resume')}
          </Button>
        ) : (
          <Button
            icon="pause"
            busy={pause.busy}
            disabled={run.cancelWished}
            onPress={() => void pause.call({ run: run.id, paused: true })}
          >
            {say('run.pause')}
          </Button>
        )}
        {run.canCancel && !run.cancelWished && (
          <Button icon="stop" busy={cancel.busy} onPress={() => void cancel.call({ run: run.id })}>
            {from === null ? say('run.stopPlain') : say('run.stop', { version: from })}
          </Button>
        )}
      </div>
    </>
  )
}

type Ongoing = Exclude<RunView['phase'], FinalPhase>

/** Endings have their own card. */
function aboutOf(phase: RunView['phase']): Ongoing | null {
  return isFinal(phase) ? null : phase
}
