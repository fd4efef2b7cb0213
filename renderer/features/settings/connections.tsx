import { useState } from 'react'
import type { SeenAddress } from '../../../shared/contract/devices.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ADDRESS_TONES } from '../../parts/address-tone.ts'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { PassphraseField } from '../../parts/passphrase.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'

/** Where devices may answer, and what answers there. */
export function Connections() {
  const { say } = useWords()
  const addresses = useWatch('devices.addresses', null)
  const forget = useCall('devices.forgetAddress')
  const [login, setLogin] = useState<string>()
  return (
    <>
      <AddAddress />
      <Card title={say('settings.addresses')}>
        {forget.error && <ErrorNote error={forget.error} announce />}
        <Loaded of={addresses}>
          {(list) =>
            list.length === 0 ? (
              <p className="quiet">{say('settings.noAddresses')}</p>
            ) : (
              <ul className="verdicts">
                {list.map((seen) => (
                  <Address
                    key={seen.address}
                    seen={seen}
                    onForget={() => void forget.call({ address: seen.address })}
                    onLogin={() => setLogin(seen.address)}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
        <p className="quiet small">{say('settings.addressesHint')}</p>
      </Card>
      {login !== undefined && <LoginDialog address={login} onClose={() => setLogin(undefined)} />}
    </>
  )
}

function Address(props: { readonly seen: SeenAddress; readonly onForget: () => void; readonly onLogin: () => void }) {
  const { seen } = props
  const { say, explain } = useWords()
  return (
    <li>
      <StateIcon tone={ADDRESS_TONES[seen.state]} size="small" />
      <div>
        <p>
          <span className="strong">{seen.label}</span> <span className="mono small">{seen.address}</span>
        </p>
        <p className="quiet small">
          {say(`settings.state-${seen.state}`)}
          {seen.device !== null && (
            <>
              : <a href={paths.device(seen.device)}>{seen.device}</a>
            </>
          )}
        </p>
        {seen.reason && (
          <p className="small">
            {explain(seen.reason).what} <span className="quiet">{explain(seen.reason).next}</span>
          </p>
        )}
      </div>
      <div className="row">
        {/^(?:https?|ssh):/.test(seen.address) && (
          <Button kind="flat" onPress={props.onLogin}>
            {say('settings.login')}
          </Button>
        )}
        <Button kind="flat" onPress={props.onForget}>
          {say('settings.forget')}
        </Button>
      </div>
    </li>
  )
}

function AddAddress() {
  const { say } = useWords()
  const { call, busy, error } = useCall('devices.addAddress')
  const [address, setAddress] = useState('')
  const add = async () => {
    if (address.trim() === '') return
    if ((await call({ address: address.trim() })) !== undefined) setAddress('')
  }
  return (
    <Card title={say('settings.addAddress')}>
      <div className="stack">
        <TextField
          label={say('settings.address')}
          help={say('settings.addAddressHelp')}
          value={address}
          onChange={setAddress}
          onEnter={() => void add()}
          maxLength={300}
        />
        {error && <ErrorNote error={error} announce />}
        <div>
          <Button kind="primary" busy={busy} disabled={address.trim() === ''} onPress={() => void add()}>
            {say('settings.add')}
          </Button>
        </div>
      </div>
    </Card>
  )
}

function LoginDialog(props: { readonly address: string; readonly onClose: () => void }) {
  const { say } = useWords()
  const { call, busy, error } = useCall('people.storeCredential')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [key, setKey] = useState('')
  const [done, setDone] = useState(false)
  const privateKey = key.trim()
  const store = async () => {
    const login = { username: username.trim(), password, ...(privateKey !== '' && { privateKey }) }
    setDone((await call({ address: props.address, ...login })) !== undefined)
    setPassword('')
    setKey('')
  }
  return (
    <Dialog
      title={say('settings.loginTitle', { address: props.address })}
      closeLabel={say('frame.close')}
      onClose={props.onClose}
    >
      {done ? (
        <Notice tone="good" title={say('settings.loginStored')} announce />
      ) : (
        <div className="stack">
          <p>{say('settings.loginWhy')}</p>
          <TextField label={say('settings.user')} value={username} onChange={setUsername} maxLength={100} focused />
          {props.address.startsWith('ssh:') && (
            <TextField
              label={say('settings.privateKey')}
              help={say('settings.privateKeyHelp')}
              value={key}
              onChange={setKey}
              lines={4}
              maxLength={20_000}
            />
          )}
          <PassphraseField label={say('settings.password')} value={password} onChange={setPassword} />
          {error && <ErrorNote error={error} announce />}
          <div>
            <Button
              kind="primary"
              busy={busy}
              disabled={username.trim() === '' || (password === '' && privateKey === '')}
              onPress={() => void store()}
            >
              {say('settings.store')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
