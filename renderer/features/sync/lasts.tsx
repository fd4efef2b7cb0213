import { useTicks } from '../../api/clock.ts'
import { useWatch } from '../../api/host.tsx'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** Plans that are shown: of thousands those that end first. */
const SOONEST = 10

/** Everything that ends, the earliest first: what a trip must not outlast. */
export function Lasts() {
  const { say } = useWords()
  const { date } = useTicks(60_000)
  const app = useWatch('app.state', null).value
  const plans = useWatch('plans.page', { order: 'end', count: SOONEST }).value
  const ends = (plans?.rows ?? []).map((plan) => ({
    id: plan.id,
    name: say('sync.lastsPlan', { plan: plan.title }),
    until: plan.goodUntil,
  }))
  if (app?.trust.until != null) ends.push({ id: '', name: say('sync.lastsTrust'), until: app.trust.until })
  if (app?.session?.leaseUntil != null) {
    ends.push({ id: 'lease', name: say('sync.lastsLease'), until: app.session.leaseUntil })
  }
  ends.sort((a, b) => a.until - b.until)
  return (
    <Card title={say('sync.lasts')}>
      <ul className="verdicts">
        {ends.map((end) => {
          const left = end.until - date
          return (
            <li key={end.id}>
              <StateIcon tone={left > 0 ? 'good' : 'away'} size="small" />
              <div>
                <p>{end.name}</p>
                <p className="quiet small">
                  {say('sync.lastsUntil', { until: end.until })},{' '}
                  {left > 0 ? say('sync.lastsLeft', { left }) : say('sync.lastsEnded')}
                </p>
              </div>
            </li>
          )
        })}
      </ul>
      {plans && plans.total > plans.rows.length && (
        <p className="quiet small">{say('sync.lastsPlans', { shown: plans.rows.length, all: plans.total })}</p>
      )}
      <p className="quiet small">{say(ends.length === 0 ? 'sync.lastsNothing' : 'sync.lastsHint')}</p>
    </Card>
  )
}
