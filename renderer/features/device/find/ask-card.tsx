import { useState } from 'react'
import type { Identification } from '../../../../shared/contract/finding.ts'
import { useCall } from '../../../api/host.tsx'
import { ErrorNote } from '../../../parts/error-note.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Disclosure } from '../../../ui/disclosure.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { useWords } from '../../../words.tsx'
import { PlaceActions } from './place-actions.tsx'

/** One address is asked who is there, by every profile that may know, and nothing of it is kept. */
export function AskCard() {
  const { say } = useWords()
  const { call, busy, error } = useCall('devices.identify')
  const [address, setAddress] = useState('')
  const [found, setFound] = useState<Identification>()
  const ask = async () => {
    if (address.trim() === '' || busy) return
    setFound(undefined)
    setFound(await call({ address: address.trim() }))
  }
  return (
    <Card title={say('find.askTitle')}>
      <div className="stack">
        <p className="quiet">{say('find.askWhy')}</p>
        <TextField
          label={say('find.address')}
          value={address}
          onChange={setAddress}
          help={say('find.addressHelp')}
          maxLength={300}
          onEnter={() => void ask()}
        />
        <div className="row">
          <Button kind="primary" busy={busy} disabled={address.trim() === ''} onPress={() => void ask()}>
            {say('find.ask')}
          </Button>
        </div>
        {error && <ErrorNote error={error} announce />}
        {found && <Answer found={found} />}
      </div>
    </Card>
  )
}

function Answer(props: { readonly found: Identification }) {
  const { address, device, typeTitle, driver, reason, attempts } = props.found
  const { say, explain } = useWords()
  return (
    <>
      {device === null ? (
        reason && <ErrorNote error={reason} announce />
      ) : (
        <Notice tone="good" title={say('find.isDevice', { device })} announce>
          {say('find.byDriver', { type: typeTitle ?? device, driver: driver ?? '' })}
        </Notice>
      )}
      <PlaceActions address={address} isDevice={device !== null} />
      {attempts.length > 0 && (
        <Disclosure label={say('find.tried', { n: attempts.length })}>
          <ul className="verdicts small">
            {attempts.map((attempt, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed by its answer
              <li key={index}>
                <div>
                  {say('find.byDriver', { type: attempt.typeTitle, driver: attempt.driver })}
                  {': '}
                  {attempt.reason ? explain(attempt.reason).what : say('find.matches')}
                </div>
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  )
}
