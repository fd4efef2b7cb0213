import { useState } from 'react'
import type { ServerConnectionView } from '../../../shared/contract/sync.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'

type Certificate = NonNullable<ServerConnectionView['own']>

/** By whose word and with which certificate the server is reached: for publishers that have an authority of their own. */
export function ServerConnection() {
  const { say } = useWords()
  const connection = useWatch('sync.connection', null)
  const { call, busy, error } = useCall('sync.setConnection')
  const [adding, setAdding] = useState<'authorities' | 'own'>()
  return (
    <Card title={say('settings.connectionTitle')}>
      {error && <ErrorNote error={error} announce />}
      <Loaded of={connection}>
        {({ authorities, own, proxy }) => (
          <div className="stack">
            <Facts
              facts={[
                {
                  name: say('settings.authorities'),
                  value:
                    authorities.length === 0 ? say('settings.usualAuthorities') : <Certificates list={authorities} />,
                },
                {
                  name: say('settings.ownCertificate'),
                  value: own ? <Certificates list={[own]} /> : say('settings.none'),
                },
                { name: say('settings.proxy'), value: proxy ?? say('settings.none') },
              ]}
            />
            <div className="row">
              <Button onPress={() => setAdding('authorities')}>{say('settings.setAuthorities')}</Button>
              {authorities.length > 0 && (
                <Button kind="flat" busy={busy} onPress={() => void call({ authorities: null })}>
                  {say('settings.dropAuthorities')}
                </Button>
              )}
              <Button onPress={() => setAdding('own')}>{say('settings.setOwn')}</Button>
              {own && (
                <Button kind="flat" busy={busy} onPress={() => void call({ certificate: null, key: null })}>
                  {say('settings.dropOwn')}
                </Button>
              )}
            </div>
          </div>
        )}
      </Loaded>
      {adding && <FilesDialog of={adding} onClose={() => setAdding(undefined)} />}
    </Card>
  )
}

function Certificates(props: { readonly list: readonly Certificate[] }) {
  const { say, formats } = useWords()
  return (
    <ul className="plain">
      {props.list.map(({ fingerprint, subject, until }) => (
        <li key={fingerprint}>
          {subject}{' '}
          <span className="quiet small">{say('settings.certificateUntil', { until: formats.datetime(until) })}</span>
        </li>
      ))}
    </ul>
  )
}

function FilesDialog(props: { readonly of: 'authorities' | 'own'; readonly onClose: () => void }) {
  const { say } = useWords()
  const { call, busy, error } = useCall('sync.setConnection')
  const [file, setFile] = useState('')
  const [key, setKey] = useState('')
  const own = props.of === 'own'
  const ready = file.trim() !== '' && (!own || key.trim() !== '')
  const store = async () => {
    const change = own ? { certificate: file.trim(), key: key.trim() } : { authorities: file.trim() }
    if ((await call(change)) !== undefined) props.onClose()
  }
  return (
    <Dialog
      title={say(own ? 'settings.setOwn' : 'settings.setAuthorities')}
      closeLabel={say('frame.close')}
      onClose={props.onClose}
    >
      <div className="stack">
        <p>{say(own ? 'settings.ownWhy' : 'settings.authoritiesWhy')}</p>
        <TextField label={say('settings.certificateFile')} value={file} onChange={setFile} maxLength={1000} focused />
        {own && <TextField label={say('settings.keyFile')} value={key} onChange={setKey} maxLength={1000} />}
        {error && <ErrorNote error={error} announce />}
        <div>
          <Button kind="primary" busy={busy} disabled={!ready} onPress={() => void store()}>
            {say('settings.store')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
