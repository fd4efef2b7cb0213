import type { SyncGroup, SyncView } from '../../../shared/contract/sync.ts'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** What comes first, how much and how long each takes, and why something waits: known before a byte of it moves. */
export function Order(props: { readonly sync: SyncView }) {
  const { groups, etaFrom, goesOn } = props.sync
  const { say } = useWords()
  if (groups.length === 0) return null
  return (
    <div className="sync-order">
      <p className="strong small">{say('sync.plan')}</p>
      <ol className="verdicts">
        {groups.map((group) => (
          <Group key={group.priority} group={group} busy={props.sync.phase === 'artifacts'} />
        ))}
      </ol>
      {etaFrom !== null && <p className="quiet small">{say(`sync.etaFrom-${etaFrom}`)}</p>}
      {goesOn && (
        <p className="small">
          {goesOn.at === null ? say(`sync.goesOn-${goesOn.when}`) : say('sync.goesOnAt', { at: goesOn.at })}
        </p>
      )}
    </div>
  )
}

function Group(props: { readonly group: SyncGroup; readonly busy: boolean }) {
  const { priority, files, bytes, now, etaMs, waits } = props.group
  const { say, explain } = useWords()
  const amount =
    now === 0
      ? say('sync.groupLater', { n: files, bytes })
      : now < bytes
        ? say('sync.groupPart', { n: files, now, time: etaMs, rest: bytes - now })
        : say('sync.groupNow', { n: files, bytes, time: etaMs })
  return (
    <li>
      <StateIcon tone={now === 0 ? 'away' : props.busy ? 'busy' : 'idle'} size="small" />
      <div>
        <p>
          <span className="strong">{say(`sync.group-${priority}`)}</span> {amount}
        </p>
        {waits && (
          <p className="quiet small">
            {explain(waits).what} {explain(waits).next}
          </p>
        )}
      </div>
    </li>
  )
}
