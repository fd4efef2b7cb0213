import { useRef, useState } from 'react'
import type { PlanSummary } from '../../../shared/contract/plans.ts'
import { useTicks } from '../../api/clock.ts'
import { usePages } from '../../api/pages.ts'
import { LoadedPage } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import type { Say } from '../../text/say.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { Page } from '../../ui/page.tsx'
import { focusFirstRow, PagedGrid } from '../../ui/paged-grid.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { Tag } from '../../ui/tag.tsx'
import { useWords } from '../../words.tsx'
import { PRIORITY_TONES } from './priority.ts'
import './plans.css'

/** So many fit on a screen, where nobody has to search. */
const FEW = 8

/** Every signed plan on board: why it exists, how long it is good, whom it fits, whether its files are here. */
export function PlanList() {
  const { say } = useWords()
  const [words, setWords] = useState('')
  const plans = usePages('plans.page', { words })
  const list = useRef<HTMLDivElement>(null)
  return (
    <LoadedPage of={plans}>
      {({ total, found }) => (
        <Page
          name={say('plans.title')}
          title={say('plans.title')}
          lead={total > 0 && say('plans.lead', { n: total })}
          actions={<Button href={paths.artifact()}>{say('artifact.title')}</Button>}
        >
          {total > FEW && (
            <div className="row">
              <FilterField
                label={say('common.filter')}
                placeholder={say('plans.filterHint')}
                clearLabel={say('common.clearFilter')}
                value={words}
                onChange={setWords}
                onDown={() => focusFirstRow(list.current)}
                status={words === '' ? '' : say('common.countOf', { shown: found, all: total })}
              />
            </div>
          )}
          {total === 0 ? (
            <Empty
              icon="plans"
              title={say('plans.emptyTitle')}
              actions={
                <Button kind="primary" href={paths.sync}>
                  {say('plans.toSync')}
                </Button>
              }
            >
              {say('plans.emptyWhy')}
            </Empty>
          ) : found === 0 ? (
            <Empty
              icon="search"
              title={say('common.noMatch', { text: words })}
              actions={<Button onPress={() => setWords('')}>{say('common.clearFilter')}</Button>}
            />
          ) : (
            <div ref={list}>
              <PagedGrid
                label={say('plans.title')}
                count={found}
                estimate={98}
                onView={plans.onView}
                render={(index) => {
                  const plan = plans.row(index)
                  return plan ? <PlanRow key={plan.id} plan={plan} /> : null
                }}
              />
            </div>
          )}
        </Page>
      )}
    </LoadedPage>
  )
}

function PlanRow(props: { readonly plan: PlanSummary }) {
  const { plan } = props
  const { say, explain } = useWords()
  return (
    <article className="plan-row">
      <StateIcon tone={toneOf(plan)} />
      <div className="plan-words">
        <div className="plan-title">
          <a href={paths.plan(plan.id)}>{plan.title}</a>
          <Tag tone={PRIORITY_TONES[plan.priority]}>{say(`common.${plan.priority}`)}</Tag>
        </div>
        <p>{plan.reason}</p>
        {plan.blocked && (
          <p className="strong">
            {explain(plan.blocked).what} <span className="quiet">{explain(plan.blocked).next}</span>
          </p>
        )}
      </div>
      <ul className="plan-facts small">
        <li>
          <strong>{whom(plan, say)}</strong>
        </li>
        <li>
          <GoodUntil plan={plan} />
        </li>
        <li>{plan.artifacts === 'held' ? say('plans.onBoard') : say('plans.missing', { bytes: plan.bytes })}</li>
      </ul>
    </article>
  )
}

/** Whom here it is for; where it is for nobody any more, that is good news and said so. */
function whom({ fits, done }: PlanSummary, say: Say): string {
  if (fits > 0) return say('plans.fits', { n: fits })
  return done > 0 ? say('plans.doneHere', { n: done }) : say('plans.fitsNone')
}

/** How long it is still good, and what ends it first. */
export function GoodUntil(props: { readonly plan: PlanSummary }) {
  const { plan } = props
  const { say } = useWords()
  const { date } = useTicks(60_000)
  if (plan.goodUntil <= date) return <span>{say('plans.ended', { until: plan.goodUntil })}</span>
  return (
    <span>
      {say('plans.goodUntil', { until: plan.goodUntil })},{' '}
      <span className="quiet">{say(`plans.limit-${plan.limit}`)}</span>
    </span>
  )
}

function toneOf(plan: PlanSummary): Tone {
  if (plan.blocked) return 'away'
  return plan.fits > 0 ? 'next' : 'good'
}
