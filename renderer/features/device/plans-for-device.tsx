import type { PlanSummary } from '../../../shared/contract/plans.ts'
import { useWatch } from '../../api/host.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** Every plan on board with its answer to this device: it fits, or why not. */
export function PlansForDevice(props: { readonly device: string }) {
  const { say } = useWords()
  const plans = useWatch('plans.list', null)
  return (
    <Card title={say('device.plansTitle')}>
      <Loaded of={plans}>
        {(list) =>
          list.length === 0 ? (
            <p className="quiet">{say('device.plansNone')}</p>
          ) : (
            <ul className="verdicts">
              {list.map((plan) => (
                <Verdict key={plan.id} plan={plan} device={props.device} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function Verdict(props: { readonly plan: PlanSummary; readonly device: string }) {
  const { say, explain } = useWords()
  const { plan } = props
  const detail = useWatch('plans.one', { plan: plan.id }).value
  const verdict = detail?.devices.find((each) => each.key === props.device)
  const reason = plan.blocked ?? verdict?.reason
  const fits = verdict?.fits === true && !reason
  return (
    <li>
      <StateIcon tone={fits ? 'next' : 'idle'} />
      <div>
        <a href={paths.plan(plan.id)}>{plan.title}</a>{' '}
        {verdict && <span className={fits ? 'strong' : 'quiet'}>{say(fits ? 'device.fits' : 'device.fitsNot')}</span>}
        {reason && <p className="small">{explain(reason).what}</p>}
      </div>
    </li>
  )
}
