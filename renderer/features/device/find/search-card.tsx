import { useState } from 'react'
import { useAsk, useCall, useWatch } from '../../../api/host.tsx'
import { ErrorNote } from '../../../parts/error-note.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { useWords } from '../../../words.tsx'
import { SearchResult } from './search-result.tsx'

const OTHER = 'other'

/** A search of one private network, because a person starts it; it goes on when the page is left. */
export function SearchCard() {
  const { say } = useWords()
  const search = useWatch('devices.search', null)
  const networks = useAsk('devices.networks', null)
  const start = useCall('devices.startSearch')
  const stop = useCall('devices.stopSearch')
  const [choice, setChoice] = useState<string>()
  const [typed, setTyped] = useState('')
  const own = (networks.value ?? []).filter(({ allowed }) => allowed)
  const chosen = choice ?? own[0]?.network ?? OTHER
  const network = (chosen === OTHER ? typed : chosen).trim()
  const isRunning = search.value?.state === 'searching'
  const begin = () => {
    if (network !== '') void start.call({ network })
  }
  return (
    <Card title={say('find.searchTitle')}>
      <div className="stack">
        <p className="quiet">{say('find.searchWhy')}</p>
        {networks.value && own.length === 0 && <p>{say('find.noNetwork')}</p>}
        {own.length > 0 && (
          <Choice
            label={say('find.network')}
            value={chosen}
            onChange={setChoice}
            options={[
              ...own.map((one) => ({ value: one.network, label: say('find.networkOf', one) })),
              { value: OTHER, label: say('find.otherNetwork') },
            ]}
          />
        )}
        {chosen === OTHER && (
          <TextField
            label={say('find.network')}
            value={typed}
            onChange={setTyped}
            help={say('find.networkHelp')}
            maxLength={18}
            onEnter={begin}
          />
        )}
        <div className="row">
          {isRunning ? (
            <Button icon="stop" busy={stop.busy} onPress={() => void stop.call(null)}>
              {say('find.stop')}
            </Button>
          ) : (
            <Button kind="primary" icon="search" busy={start.busy} disabled={network === ''} onPress={begin}>
              {say('find.start', { network })}
            </Button>
          )}
        </div>
        {start.error && <ErrorNote error={start.error} announce />}
        {stop.error && <ErrorNote error={stop.error} announce />}
        <Loaded of={search}>{(state) => <SearchResult search={state} />}</Loaded>
      </div>
    </Card>
  )
}
