import type { RunView } from '../../../shared/model/run.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { versionsOf } from '../../parts/phase.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words.tsx'

/** Hold it or stop it: wishes that the run honours at its next safe point. Anybody present may. */
export function Controls(props: { readonly run: RunView; readonly stopOnly?: boolean }) {
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
        {props.stopOnly ? null : run.paused || run.pauseWished ? (
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
