import { useState } from 'react'
import type { DryRun, PlanDetail } from '../../../shared/contract/plans.ts'
import { pageNow } from '../../api/clock.ts'
import { useCall } from '../../api/host.tsx'
import { Conditions } from '../../parts/conditions.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Versions } from '../../parts/versions.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** More at once would keep the links busy for minutes. */
const AT_ONCE = 20

/** What would happen, without touching: the five proofs and the conditions, read now. */
export function DryRunCard(props: { readonly detail: PlanDetail }) {
  const { say } = useWords()
  const { detail } = props
  const candidates = detail.devices.filter((device) => device.fits).slice(0, AT_ONCE)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [result, setResult] = useState<{ readonly runs: readonly DryRun[]; readonly at: number }>()
  const { call, busy, error } = useCall('plans.dryRun')
  const chosen = candidates.filter((device) => !left.has(device.key)).map((device) => device.key)
  const tryIt = async () => {
    const runs = await call({ plan: detail.plan.id, devices: chosen })
    if (runs) setResult({ runs, at: pageNow() })
  }
  const toggle = (key: string) => {
    const next = new Set(left)
    if (!next.delete(key)) next.add(key)
    setLeft(next)
  }
  return (
    <Card title={say('plans.try')}>
      <div className="stack">
        <p className="quiet">{say('plans.tryHint')}</p>
        {candidates.length > 0 ? (
          <>
            <fieldset className="dry-devices">
              <legend className="visually-hidden">{say('plans.tryChoose')}</legend>
              {candidates.map((device) => (
                <label key={device.key}>
                  <input type="checkbox" checked={!left.has(device.key)} onChange={() => toggle(device.key)} />
                  {device.name}
                </label>
              ))}
            </fieldset>
            <div>
              <Button kind="primary" busy={busy} disabled={chosen.length === 0} onPress={() => void tryIt()}>
                {say('plans.tryButton', { n: chosen.length })}
              </Button>
            </div>
          </>
        ) : (
          <p className="strong">{say('plans.fitsNone')}</p>
        )}
        {error && <ErrorNote error={error} announce />}
        {result && (
          <div role="status" aria-label={say('plans.tryResult')} className="stack">
            {result.runs.map((run) => (
              <DryRunResult key={run.device} run={run} at={result.at} />
            ))}
          </div>
        )}
      </div>
    </Card>
  )
}

function DryRunResult(props: { readonly run: DryRun; readonly at: number }) {
  const { run } = props
  const { say, explain } = useWords()
  const ready = run.proofs.every((proof) => proof.ok)
  return (
    <Card level={3} title={run.name} aside={<Versions change={run.change} />} tone={ready ? 'good' : 'caution'}>
      <div className="stack">
        <p className="strong">{say(ready ? 'plans.ready' : 'plans.notReady')}</p>
        <ul className="proofs">
          {run.proofs.map((proof) => (
            <li key={proof.proof}>
              <StateIcon tone={proof.ok ? 'good' : 'warning'} size="small" />
              <span>
                {say(`plans.proof-${proof.proof}`)}: <strong>{say(proof.ok ? 'plans.yes' : 'plans.no')}</strong>
                {proof.reason && <span className="quiet"> {explain(proof.reason).what}</span>}
              </span>
            </li>
          ))}
        </ul>
        {run.conditions.length > 0 && <Conditions conditions={run.conditions} at={props.at} />}
      </div>
    </Card>
  )
}
