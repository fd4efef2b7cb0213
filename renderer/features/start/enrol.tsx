import { useState } from 'react'
import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { PassphraseField } from '../../parts/passphrase.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'

/** A name and a passphrase become a key on this laptop and a request that carries no secret. */
export function Enrol(props: {
  readonly onEnrolled: (request: EnrolmentRequest) => void
  readonly onBack: (() => void) | null
}) {
  const { say, explain } = useWords()
  const { call, busy, error } = useCall('people.enrol')
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [repeat, setRepeat] = useState('')
  const differs = repeat !== '' && repeat !== passphrase
  const ready = name.trim() !== '' && passphrase !== '' && repeat === passphrase
  const enrol = async () => {
    if (!ready) return
    const request = await call({ name: name.trim(), passphrase })
    if (!request) return
    setPassphrase('')
    setRepeat('')
    props.onEnrolled(request)
  }
  const weak =
    error?.code === 'people.weak-passphrase' ? { error: `${explain(error).what} ${explain(error).next}` } : {}
  return (
    <div className="stack">
      <p>{say('start.whoWhy')}</p>
      <TextField
        label={say('start.name')}
        help={say('start.nameHelp')}
        value={name}
        onChange={setName}
        maxLength={100}
      />
      <PassphraseField
        label={say('start.passphrase')}
        help={say('start.passphraseHelp')}
        value={passphrase}
        onChange={setPassphrase}
        isNew
        {...weak}
      />
      <PassphraseField
        label={say('start.repeat')}
        value={repeat}
        onChange={setRepeat}
        onEnter={() => void enrol()}
        isNew
        {...(differs ? { error: say('start.repeatDiffers') } : {})}
      />
      {error && error.code !== 'people.weak-passphrase' && <ErrorNote error={error} announce />}
      <div className="row">
        <Button kind="primary" busy={busy} disabled={!ready} onPress={() => void enrol()}>
          {say('start.enrol')}
        </Button>
        {props.onBack && (
          <Button kind="flat" onPress={props.onBack}>
            {say('start.backToSignIn')}
          </Button>
        )}
      </div>
    </div>
  )
}
