import type { CarriedState } from '../../../shared/contract/audit.ts'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** Logs that travel by stick: ours, until the receipt is back, and those that we carry for others. */
export function ByStick(props: { readonly carried: CarriedState }) {
  const { say, explain } = useWords()
  const { own, others, bytes, limit } = props.carried
  if (!own && others.length === 0) return null
  return (
    <Card title={say('audit.byStick')}>
      <div className="stack">
        {own && <p>{say('audit.ownByStick', { ...own, n: own.entries })}</p>}
        {others.length > 0 && (
          <>
            <ul className="verdicts">
              {others.map(({ console, entries: n, bytes: size, since, reason }) => (
                <li key={console}>
                  <StateIcon tone={reason ? 'caution' : 'next'} size="small" />
                  <div>
                    <p className="carried-log">{say('audit.carriedLog', { console, n, bytes: size })}</p>
                    <p className="quiet small">
                      {reason
                        ? say('audit.carriedWhy', { since, why: explain(reason).what })
                        : say('audit.carriedSince', { since })}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
            <p className="quiet small">{say('audit.carriedRoom', { bytes, limit })}</p>
          </>
        )}
      </div>
    </Card>
  )
}
