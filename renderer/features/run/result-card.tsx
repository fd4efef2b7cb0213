import type { RunResult, RunView } from '../../../shared/model/run.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { Ago } from '../../parts/ago.tsx'
import { ErrorNote, SupportDetail } from '../../parts/error-note.tsx'
import { HealthMarks } from '../../parts/health-marks.tsx'
import { versionsOf } from '../../parts/phase.ts'
import { StartButton, StartOutcome, useStartRun } from '../../parts/start-run.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { useWords, type Words } from '../../words.tsx'

const TONES: Readonly<Record<RunResult['outcome'], { card: 'good' | 'caution' | 'plain' | 'alarm'; icon: Tone }>> = {
  succeeded: { card: 'good', icon: 'good' },
  'rolled-back': { card: 'caution', icon: 'warning' },
  failed: { card: 'caution', icon: 'warning' },
  cancelled: { card: 'plain', icon: 'idle' },
  unknown: { card: 'alarm', icon: 'unknown' },
}

/** The end in words about the device: what it runs, who says so, what is still open, what comes next. */
export function ResultCard(props: { readonly run: RunView; readonly result: RunResult }) {
  const { run, result } = props
  const words = useWords()
  const { say, explain, formats } = words
  const tone = TONES[result.outcome]
  const check = useCall('runs.checkAgain')
  const reason = result.reason ? explain(result.reason) : null
  return (
    <Card tone={tone.card}>
      <div className="result">
        <div className="result-head">
          <StateIcon tone={tone.icon} size="large" />
          <div>
            <h2 className="result-title">{resultSentence(run, result, words)}</h2>
            {reason && (
              <p>
                {reason.what} {result.outcome === 'succeeded' ? '' : reason.next}
              </p>
            )}
            {result.outcome === 'unknown' && <p>{say('run.unknownWhy')}</p>}
            {result.reason && <SupportDetail error={result.reason} about={run.id} />}
          </div>
        </div>
        {result.also && <ErrorNote error={result.also} tone="alarm" about={run.id} />}
        <Facts
          facts={[
            {
              name: say('run.readBack'),
              value: result.readBack
                ? Object.entries(result.readBack).map(([component, version]) => (
                    <span key={component} className="result-version">
                      {Object.keys(result.readBack ?? {}).length > 1 && <span className="quiet">{component} </span>}
                      {version ?? say('common.unknown')}
                    </span>
                  ))
                : say('run.readBackNone'),
            },
            {
              name: say('run.endedAt'),
              value: (
                <>
                  {formats.datetime(result.endedAt)}, <Ago at={result.endedAt} />
                </>
              ),
            },
          ]}
        />
        <HealthMarks marks={result.health} />
        {check.error && <ErrorNote error={check.error} announce />}
        <div className="row">
          {result.outcome === 'unknown' && (
            <Button kind="primary" icon="refresh" busy={check.busy} onPress={() => void check.call({ run: run.id })}>
              {say('run.checkAgain')}
            </Button>
          )}
          {result.outcome !== 'unknown' && result.device === 'not-known' && (
            <Button kind="primary" href={paths.device(run.device)}>
              {say('run.lookAtDevice', { device: run.deviceName })}
            </Button>
          )}
          <Button href={paths.report(run.id)}>{say('run.report')}</Button>
          <Button kind="flat" href={paths.site}>
            {say('run.toSite')}
          </Button>
        </div>
        <NextDevice run={run} />
      </div>
    </Card>
  )
}

/** The fast lane: the same plan on the next connected device, one touch away. */
function NextDevice(props: { readonly run: RunView }) {
  const { run } = props
  const { say } = useWords()
  const next = useWatch('site.ready', null).value?.find((row) => row.plan?.id === run.plan)
  const start = useStartRun(run.plan, next?.key ?? '')
  if (!next) return null
  return (
    <div className="next-device">
      <div>
        <p className="strong">{say('run.nextDevice', { device: next.name })}</p>
        <p className="quiet small">{say('run.nextDeviceWhy', { device: next.name })}</p>
      </div>
      <StartButton run={start} kind={run.phase === 'succeeded' ? 'primary' : 'normal'} />
      <StartOutcome run={start} />
    </div>
  )
}

function resultSentence(run: RunView, result: RunResult, { say }: Words): string {
  const { from, to } = versionsOf(run.change)
  const device = run.deviceName
  const version = Object.values(result.readBack ?? {})[0] ?? from ?? say('run.fromDevice')
  switch (result.outcome) {
    case 'succeeded':
      return say('run.end-succeeded', { device, to })
    case 'rolled-back':
      return say('run.end-rolled-back', { device, version })
    case 'cancelled':
      return result.device === 'not-known'
        ? say('run.end-unknown', { device })
        : say('run.end-cancelled', { device, version })
    case 'unknown':
      return say('run.end-unknown', { device })
    case 'failed':
      if (result.device === 'not-known') return say('run.end-failed-unknown', { device })
      return result.device === 'runs-old'
        ? say('run.end-failed-old', { device, version })
        : say('run.end-failed-other', { device, version })
  }
}
