import { useState } from 'react'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Page } from '../../ui/page.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'
import { DoctorView } from './doctor-view.tsx'
import './device.css'

/** The connection doctor for any address, or for the laptop as a whole. */
export function DoctorScreen(props: { readonly address: string | null }) {
  const { say } = useWords()
  const [address, setAddress] = useState(props.address ?? '')
  const go = () => {
    const wanted = address.trim()
    window.location.hash = paths.doctor(wanted === '' ? undefined : wanted)
  }
  return (
    <Page
      name={say('doctor.title')}
      title={say('doctor.title')}
      lead={say('doctor.lead')}
      actions={<Button href={paths.find}>{say('find.open')}</Button>}
    >
      <Card>
        <div className="stack">
          <TextField
            label={say('doctor.address')}
            value={address}
            onChange={setAddress}
            help={say('doctor.addressHint')}
            maxLength={300}
            onEnter={go}
          />
          <div className="row">
            <Button kind="primary" icon="diagnosis" onPress={go}>
              {say('doctor.examine')}
            </Button>
          </div>
        </div>
      </Card>
      <DoctorView address={props.address} />
    </Page>
  )
}
