import { type Condition, isAttested } from '../../../shared/model/plan.ts'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** What must be so before each act, as sentences; the signed expression for who wants it to the letter. */
export function PlanConditions(props: { readonly conditions: readonly Condition[] }) {
  const { say } = useWords()
  return (
    <Card title={say('plans.conditions')}>
      {props.conditions.length === 0 ? (
        <p className="quiet">{say('plans.noConditions')}</p>
      ) : (
        <ul className="verdicts">
          {props.conditions.map((condition) => (
            <li key={condition.id}>
              <StateIcon tone={isAttested(condition) ? 'person' : 'idle'} />
              <div>
                <ConditionWords condition={condition} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function ConditionWords(props: { readonly condition: Condition }) {
  const { condition } = props
  const { say, formats } = useWords()
  const moments = formats.list(condition.at.map((moment) => say(`run.moment-${moment}`)))
  const attested = isAttested(condition)
  const override = attested ? undefined : condition.override
  return (
    <>
      <p className="strong">{condition.title ?? condition.id}</p>
      {attested && (
        <p>
          {say('plans.youConfirm')}: “{condition.attest.text}”
        </p>
      )}
      <p className="quiet small">
        {say('plans.mustHold', { moments })}
        {!attested && condition.watch && `, ${say('plans.watched')}`}
      </p>
      {condition.fix !== undefined && <p className="small">{say('plans.fix', { fix: condition.fix })}</p>}
      {override && (
        <p className="small">
          {say('plans.overrideBy', {
            roles: formats.list(override.roles.map((role) => say(`common.${role}`))),
            two: override.twoPerson ? say('plans.overrideTwo') : null,
          })}
        </p>
      )}
      {!attested && (
        <Disclosure label={<span className="small">{say('run.exactly')}</span>}>
          <code className="mono small">{condition.expr}</code>
        </Disclosure>
      )}
    </>
  )
}
