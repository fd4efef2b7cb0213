import type { PlanVerdict } from '../../../shared/contract/plans.ts'
import { usePages } from '../../api/pages.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { PagedGrid } from '../../ui/paged-grid.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** Every plan that is meant for this device with its answer: it fits, or why not. */
export function PlansForDevice(props: { readonly device: string }) {
  const { say } = useWords()
  const verdicts = usePages('plans.forDevice', { device: props.device })
  return (
    <Card title={say('device.plansTitle')}>
      <Loaded of={verdicts}>
        {({ found }) =>
          found === 0 ? (
            <p className="quiet">{say('device.plansNone')}</p>
          ) : (
            <PagedGrid
              label={say('device.plansTitle')}
              count={found}
              estimate={48}
              onView={verdicts.onView}
              render={(index) => {
                const verdict = verdicts.row(index)
                return verdict ? <Verdict key={verdict.plan} verdict={verdict} /> : null
              }}
            />
          )
        }
      </Loaded>
    </Card>
  )
}

function Verdict(props: { readonly verdict: PlanVerdict }) {
  const { say, explain } = useWords()
  const { plan, title, fits, reason } = props.verdict
  return (
    <div className="verdict">
      <StateIcon tone={fits ? 'next' : 'idle'} />
      <div>
        <a href={paths.plan(plan)}>{title}</a>{' '}
        <span className={fits ? 'strong' : 'quiet'}>{say(fits ? 'device.fits' : 'device.fitsNot')}</span>
        {reason && <p className="small">{explain(reason).what}</p>}
      </div>
    </div>
  )
}
