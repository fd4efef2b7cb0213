import { FINAL_PHASES, type FinalPhase } from '../../../shared/model/run.ts'
import { useAsk } from '../../api/host.tsx'
import type { CallOutput } from '../../api/methods.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { useNames } from '../../parts/names.ts'
import { toneOfRun } from '../../parts/phase.ts'
import { Versions } from '../../parts/versions.tsx'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** What was done to this device from this laptop, the newest first. */
export function History(props: { readonly device: string }) {
  const { say } = useWords()
  const history = useAsk('devices.history', { device: props.device })
  return (
    <Loaded of={history}>
      {(rows) =>
        rows.length === 0 ? <Empty icon="history" title={say('device.noHistory')} /> : <HistoryList rows={rows} />
      }
    </Loaded>
  )
}

function HistoryList(props: { readonly rows: CallOutput<'devices.history'> }) {
  const { say } = useWords()
  const nameOf = useNames()
  const { rows } = props
  return (
    <Card title={say('device.history')}>
      <ul className="verdicts">
        {rows.map((row) => {
          const outcome = outcomeOf(row.outcome)
          return (
            <li key={row.run}>
              <StateIcon tone={outcome ? toneOfRun({ phase: outcome, needsPerson: false }) : 'idle'} />
              <div className="history-row">
                <div>
                  <a href={paths.run(row.run)}>{row.planTitle}</a>{' '}
                  <span className="quiet">{outcome ? say(`run.phase-${outcome}`) : row.outcome}</span>
                  <p className="quiet small">{say('device.historyBy', { at: row.at, actor: nameOf(row.actor) })}</p>
                </div>
                <Versions change={row.change} />
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

function outcomeOf(text: string): FinalPhase | null {
  return FINAL_PHASES.find((each) => each === text) ?? null
}
