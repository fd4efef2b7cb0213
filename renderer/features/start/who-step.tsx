import { useState } from 'react'
import type { KnownOperator } from '../../../shared/contract/people.ts'
import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { PassphraseField } from '../../parts/passphrase.tsx'
import { RequestCard } from '../../parts/request-card.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { useWords } from '../../words.tsx'
import { Enrol } from './enrol.tsx'
import { StepCard, type StepState } from './step-card.tsx'

/** Who works here: a key of their own once, a passphrase every time. */
export function WhoStep(props: { readonly state: StepState; readonly number: number | null }) {
  const { say } = useWords()
  const people = useWatch('people.list', null).value ?? []
  const session = useWatch('app.state', null).value?.session
  const [enrolling, setEnrolling] = useState(false)
  const [request, setRequest] = useState<EnrolmentRequest>()
  const isNew = enrolling || people.length === 0
  if (props.state === 'done') {
    return (
      <StepCard state="done" number={props.number} title={say('start.whoTitle')}>
        <p className="quiet">{session?.name}</p>
      </StepCard>
    )
  }
  if (props.state === 'later') {
    return (
      <StepCard state="later" number={props.number} title={say('start.whoTitle')}>
        <p className="quiet">{say('start.whoWhy')}</p>
      </StepCard>
    )
  }
  return (
    <>
      {request && (
        <StepCard state="now" number={null} title={say('start.requestTitle')}>
          <RequestCard request={request} />
        </StepCard>
      )}
      <StepCard state="now" number={props.number} title={say(isNew ? 'start.whoTitle' : 'start.signInTitle')}>
        {isNew ? (
          <Enrol
            onEnrolled={(made) => {
              setRequest(made)
              setEnrolling(false)
            }}
            onBack={people.length > 0 ? () => setEnrolling(false) : null}
          />
        ) : (
          <SignIn people={people} onNew={() => setEnrolling(true)} />
        )}
      </StepCard>
    </>
  )
}

function SignIn(props: { readonly people: readonly KnownOperator[]; readonly onNew: () => void }) {
  const { say, explain } = useWords()
  const { call, busy, error } = useCall('people.signIn')
  const byLast = [...props.people].sort((a, b) => (b.lastSignIn ?? 0) - (a.lastSignIn ?? 0))
  const [chosen, setChosen] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const operator = chosen || (byLast[0]?.id ?? '')
  const signIn = async () => {
    if (passphrase === '') return
    await call({ operator, passphrase })
    setPassphrase('')
  }
  const wrong = error?.code === 'people.wrong-passphrase' ? { error: explain(error).what } : {}
  return (
    <div className="stack">
      <Choice
        label={say('start.whoSigns')}
        value={operator}
        onChange={setChosen}
        options={byLast.map((each) => ({ value: each.id, label: each.name }))}
      />
      <PassphraseField
        label={say('start.passphrase')}
        value={passphrase}
        onChange={setPassphrase}
        onEnter={() => void signIn()}
        {...wrong}
      />
      {error && error.code !== 'people.wrong-passphrase' && <ErrorNote error={error} announce />}
      <div className="row">
        <Button kind="primary" busy={busy} disabled={passphrase === ''} onPress={() => void signIn()}>
          {say('start.signIn')}
        </Button>
        <Button kind="flat" onPress={props.onNew}>
          {say('start.somebodyNew')}
        </Button>
      </div>
    </div>
  )
}
