import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Page } from '../../ui/page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { useWords } from '../../words.tsx'
import { DryRunCard } from './dry-run.tsx'
import { PlanConditions } from './plan-conditions.tsx'
import { PlanDevices } from './plan-devices.tsx'
import { PlanFiles } from './plan-files.tsx'
import { GoodUntil } from './plan-list.tsx'
import { PRIORITY_TONES } from './priority.ts'
import { planSentences } from './sentences.ts'
import './plans.css'

/** One plan as a person must understand it before they run it. */
export function PlanScreen(props: { readonly plan: string }) {
  const plan = useWatch('plans.one', { plan: props.plan })
  return <LoadedPage of={plan}>{(detail) => <Plan detail={detail} />}</LoadedPage>
}

function Plan(props: { readonly detail: PlanDetail }) {
  const { detail } = props
  const words = useWords()
  const { say, formats } = words
  const { plan, summary } = detail
  return (
    <Page
      name={plan.title}
      title={
        <span className="plan-title">
          {plan.title}
          <Tag tone={PRIORITY_TONES[plan.priority]}>{say(`common.${plan.priority}`)}</Tag>
        </span>
      }
      lead={
        <>
          <p>{plan.reason}</p>
          <p className="small">
            <GoodUntil plan={summary} />
          </p>
        </>
      }
      columns
    >
      {summary.blocked && (
        <div className="span">
          <ErrorNote error={summary.blocked} about={plan.id} />
        </div>
      )}
      <Card title={say('plans.does')}>
        <ul className="plan-sentences">
          {planSentences(detail, words).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Card>
      <Card title={say('plans.who')}>
        <Facts
          facts={[
            {
              name: say('plans.roles'),
              value: formats.list(plan.authority.roles.map((role) => say(`common.${role}`))),
            },
            {
              name: say('plans.twoPerson'),
              value: say(plan.authority.twoPerson ? 'plans.twoPersonYes' : 'plans.twoPersonNo'),
            },
            {
              name: say('plans.validity'),
              value: say('plans.validFromTo', { from: plan.notBefore, to: plan.expires }),
            },
          ]}
        />
      </Card>
      <div className="span">
        <PlanConditions conditions={plan.conditions} />
      </div>
      <PlanDevices detail={detail} />
      <PlanFiles detail={detail} />
      <div className="span">
        <DryRunCard detail={detail} />
      </div>
    </Page>
  )
}
