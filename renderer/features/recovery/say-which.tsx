import { useState } from 'react'
import type { WaitingView } from '../../../shared/contract/recovery.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { SecondPersonInputs, useSecondPerson } from '../../parts/second-person.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SlideConfirm } from '../../ui/slide-confirm.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'

/** The steps to a name: what a person does at the device, and what they read there. */
export function SayWhich(props: { readonly one: WaitingView }) {
  const { alike, plans } = props.one
  const { say, formats } = useWords()
  return (
    <Card title={say('recovery.doTitle')} tone="accent">
      <div className="stack">
        <ol className="recovery-steps">
          <li>{say('recovery.stepPower')}</li>
          {alike.length > 0 && <li>{say('recovery.stepAlone', { addresses: formats.list(alike) })}</li>}
          {plans.length > 0 && <li>{say('recovery.stepPlate')}</li>}
          {plans.length > 0 && <li>{say('recovery.stepThen')}</li>}
        </ol>
        {plans.length === 0 ? (
          <Notice
            tone="caution"
            title={say('recovery.noPlanTitle')}
            actions={<Button href={paths.plans}>{say('recovery.plans')}</Button>}
          >
            {say('recovery.noPlanWhy')}
          </Notice>
        ) : (
          alike.length === 0 && <PlateForm one={props.one} />
        )}
      </div>
    </Card>
  )
}

function goTo(path: string): void {
  window.location.hash = path
}

function PlateForm(props: { readonly one: WaitingView }) {
  const { address, plans } = props.one
  const { say, formats } = useWords()
  const { call, busy, error } = useCall('devices.claim')
  const [chosen, setChosen] = useState('')
  const [serial, setSerial] = useState('')
  const [again, setAgain] = useState('')
  const second = useSecondPerson()
  const plan = plans.find(({ id }) => id === chosen) ?? plans[0]
  if (!plan) return null
  const typed = serial.trim()
  // A run that broke off may let one person say it of the device it left, and of no other.
  const isTwo = plan.twoPerson || error?.code === 'people.second-person-needed'
  const ready = typed !== '' && (!isTwo || (second.operator !== '' && second.passphrase !== '' && again.trim() !== ''))
  const take = async () => {
    const by = { operator: second.operator, passphrase: second.passphrase, serial: again.trim() }
    const taken = await call({ address, plan: plan.id, serial: typed, ...(isTwo && { second: by }) })
    if (taken) goTo(paths.device(taken.device))
  }
  return (
    <>
      {plans.length > 1 ? (
        <Choice
          label={say('recovery.plan')}
          value={plan.id}
          onChange={setChosen}
          options={plans.map(({ id, title }) => ({ value: id, label: title }))}
        />
      ) : (
        <p>
          <span className="quiet">{say('recovery.plan')}: </span>
          <a href={paths.plan(plan.id)}>{plan.title}</a>
        </p>
      )}
      <p className="quiet small">
        {say('recovery.byRoles', {
          roles: formats.list(plan.roles.map((role) => say(`common.${role}`))),
          two: plan.twoPerson ? say('recovery.two') : null,
        })}
      </p>
      {plan.reason && <ErrorNote error={plan.reason} tone="caution" />}
      <TextField
        label={say('recovery.serial')}
        value={serial}
        onChange={setSerial}
        help={say('recovery.serialHelp')}
        maxLength={100}
      />
      {isTwo && (
        <fieldset className="recovery-second">
          <legend>{say('recovery.secondTitle')}</legend>
          <SecondPersonInputs second={second} />
          <TextField label={say('recovery.secondSerial')} value={again} onChange={setAgain} maxLength={100} />
        </fieldset>
      )}
      {error && error.code !== 'people.second-person-needed' && <ErrorNote error={error} announce />}
      <SlideConfirm
        label={say('recovery.take', { serial: typed === '' ? '…' : typed })}
        hint={say('recovery.takeHint')}
        disabled={!ready || busy || plan.reason !== null}
        onConfirm={() => void take()}
      />
    </>
  )
}
