import type { FoundHost, SearchState } from '../../../../shared/contract/search.ts'
import { paths } from '../../../routes.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { StateIcon, type Tone } from '../../../ui/state-icon.tsx'
import { useWords } from '../../../words.tsx'
import { PlaceActions } from './place-actions.tsx'

const TONES: Readonly<Record<FoundHost['state'], Tone>> = { asking: 'busy', device: 'good', other: 'idle' }

/** How far a search is and what it found, while it goes on and afterwards. */
export function SearchResult(props: { readonly search: SearchState }) {
  const { state, network, done, total, rate, found, ports } = props.search
  const { say } = useWords()
  if (state === 'idle' || network === null) return null
  const isRunning = state === 'searching'
  const said = isRunning
    ? say('find.searching', { done, total, rate, found: found.length })
    : state === 'done'
      ? say('find.searchDone', { network, found: found.length })
      : say('find.searchStopped', { network, done, total })
  return (
    <div className="stack">
      {isRunning && <Progress label={say('find.searchTitle')} share={total === 0 ? null : done / total} />}
      <p role={isRunning ? undefined : 'status'}>{said}</p>
      {state === 'done' && found.length === 0 && (
        <Notice tone="info" title={say('find.nothingAnswers', { ports: ports.join(', ') })}>
          {say('find.nothingAnswersDo')}
        </Notice>
      )}
      {found.length > 0 && (
        <ul className="verdicts">
          {found.map((host) => (
            <Host key={host.address} host={host} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Host(props: { readonly host: FoundHost }) {
  const { host } = props
  const { say, explain } = useWords()
  return (
    <li>
      <StateIcon tone={TONES[host.state]} size="small" />
      <div>
        <p className="mono small find-address">{host.address}</p>
        {host.device === null ? (
          <p>{host.reason ? explain(host.reason).what : say(host.state === 'asking' ? 'find.asking' : 'find.other')}</p>
        ) : (
          <p>
            {host.known ? (
              <a href={paths.device(host.device)}>{host.device}</a>
            ) : (
              <span className="strong">{host.device}</span>
            )}{' '}
            <span className="quiet">
              {host.typeTitle}, {say(host.known ? 'find.known' : 'find.new')}
            </span>
          </p>
        )}
        {host.state !== 'asking' && <PlaceActions address={host.address} isDevice={host.state === 'device'} />}
      </div>
    </li>
  )
}
