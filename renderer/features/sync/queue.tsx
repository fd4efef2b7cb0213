import type { SyncItem, SyncView } from '../../../shared/contract/sync.ts'
import { Card } from '../../ui/card.tsx'
import { Progress } from '../../ui/progress.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { Tag } from '../../ui/tag.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { useWords } from '../../words.tsx'

const TONES: Readonly<Record<SyncItem['state'], Tone>> = {
  held: 'good',
  waiting: 'idle',
  fetching: 'busy',
  failed: 'warning',
}

/** The files that plans want, in the order in which they are fetched. */
export function Queue(props: { readonly sync: SyncView }) {
  const { say } = useWords()
  const { items, files, storedBytes } = props.sync
  return (
    <Card title={say('sync.queue')} aside={say('sync.stored', { bytes: storedBytes })}>
      {items.length === 0 ? (
        <p className="quiet">{say('sync.queueEmpty')}</p>
      ) : (
        <VirtualList
          label={say('sync.queue')}
          items={items}
          keyOf={(item) => item.target}
          estimate={64}
          render={(item) => <QueueRow item={item} />}
        />
      )}
      {files.total > items.length && (
        <p className="quiet small">{say('common.countOf', { shown: items.length, all: files.total })}</p>
      )}
    </Card>
  )
}

function QueueRow(props: { readonly item: SyncItem }) {
  const { item } = props
  const { say, formats, explain } = useWords()
  const [done, total] = formats.bytesOf(item.done, item.move)
  return (
    <div className="queue-row">
      <StateIcon tone={TONES[item.state]} size="small" />
      <div>
        <p className="row queue-title">
          <span className="strong">{item.title.replace(/^artifacts\//, '')}</span>
          {item.priority !== 'normal' && (
            <Tag tone={item.priority === 'optional' ? 'plain' : 'warning'}>{say(`common.${item.priority}`)}</Tag>
          )}
        </p>
        <p className="quiet small">
          {say(`sync.state-${item.state}`)},{' '}
          {item.state === 'held' ? formats.bytes(item.bytes) : say('sync.ofBytes', { done, total })}
          {item.plans.length > 0 && `, ${say('sync.forPlans', { plans: formats.list(item.plans) })}`}
        </p>
        {item.state === 'fetching' && (
          <Progress label={item.title} share={item.move > 0 ? item.done / item.move : null} />
        )}
        <WayNote item={item} />
        {item.reason && (
          <p className="small">
            {explain(item.reason).what} <span className="quiet">{explain(item.reason).next}</span>
          </p>
        )}
      </div>
    </div>
  )
}

/** What an older artifact on board saves, and what did not work. */
function WayNote(props: { readonly item: SyncItem }) {
  const { way, state, bytes } = props.item
  const { say, explain } = useWords()
  if (!way || (way.bytes >= bytes && way.refused.length === 0)) return null
  const taken = say(state === 'held' ? 'sync.took' : 'sync.takes', { move: way.bytes, bytes })
  return (
    <>
      <p className="quiet small">
        {taken} ({say(`sync.way-${way.kind}`, { from: way.from ?? '' })})
      </p>
      {way.refused.map(({ kind, reason }) => (
        <p key={kind} className="quiet small">
          {say('sync.otherWay')} {explain(reason).what}
        </p>
      ))}
    </>
  )
}
