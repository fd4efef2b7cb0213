import { useState } from 'react'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { ErrorNote } from '../../parts/error-note.tsx'
import { StartOutcome, useStartBatch } from '../../parts/start-run.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useWords } from '../../words.tsx'

/** The plan on every device here that it fits: named once more before it begins. */
export function StartBatch(props: { readonly detail: PlanDetail }) {
  const { say } = useWords()
  const [asking, setAsking] = useState(false)
  const { summary, devices } = props.detail
  const fitting = devices.filter((device) => device.fits)
  const run = useStartBatch(
    summary.id,
    fitting.map((device) => device.key),
  )
  // One device has its own button, where it stands.
  if (fitting.length < 2 || summary.blocked) return null
  const n = fitting.length
  return (
    <div className="row">
      <Button onPress={() => setAsking(true)}>{say('plans.startAll', { n })}</Button>
      {asking && !run.needsSecond && (
        <Dialog
          title={say('plans.startAllTitle', { n })}
          closeLabel={say('common.cancel')}
          onClose={() => {
            setAsking(false)
            run.leave()
          }}
        >
          <div className="stack">
            <p>{say('plans.startAllWhy')}</p>
            <ul className="batch-names">
              {fitting.map((device) => (
                <li key={device.key}>{device.name}</li>
              ))}
            </ul>
            {run.error && <ErrorNote error={run.error} announce />}
            <div>
              <Button kind="primary" busy={run.busy} onPress={run.start}>
                {say('plans.startAllDo', { n })}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
      {run.needsSecond && <StartOutcome run={run} />}
    </div>
  )
}
