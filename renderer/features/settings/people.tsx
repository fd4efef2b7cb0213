import { useState } from 'react'
import type { KnownOperator } from '../../../shared/contract/people.ts'
import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { useTicks } from '../../api/clock.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { PassphraseField } from '../../parts/passphrase.tsx'
import { RequestCard } from '../../parts/request-card.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords, type Words } from '../../words.tsx'

export function People() {
  return (
    <>
      <Me />
      <Others />
    </>
  )
}

function Me() {
  const words = useWords()
  const { say } = words
  const session = useWatch('app.state', null).value?.session
  const { call, busy, error } = useCall('people.signOut')
  const [changing, setChanging] = useState(false)
  if (!session) {
    return (
      <Card title={say('settings.me')}>
        <div className="stack">
          <p>{say('frame.signedOut')}</p>
          <div>
            <Button kind="primary" href={paths.start}>
              {say('settings.signInAs')}
            </Button>
          </div>
        </div>
      </Card>
    )
  }
  const lease =
    session.leaseUntil === null
      ? say('settings.noLease')
      : session.leaseEnded
        ? say('settings.leaseEnded')
        : say('settings.leaseUntil', { until: session.leaseUntil })
  return (
    <Card title={session.name}>
      <div className="stack">
        <Facts
          facts={[
            { name: say('settings.roles'), value: rolesText(session.roles, words) },
            { name: say('settings.lease'), value: lease },
          ]}
        />
        {error && <ErrorNote error={error} announce />}
        <div className="row">
          <Button busy={busy} onPress={() => void call(null)}>
            {say('settings.signOutNow')}
          </Button>
          <Button onPress={() => setChanging(true)}>{say('settings.changePassphrase')}</Button>
        </div>
      </div>
      {changing && <ChangePassphrase onClose={() => setChanging(false)} />}
    </Card>
  )
}

function ChangePassphrase(props: { readonly onClose: () => void }) {
  const { say, explain } = useWords()
  const { call, busy, error } = useCall('people.changePassphrase')
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [repeat, setRepeat] = useState('')
  const [done, setDone] = useState(false)
  const differs = repeat !== '' && repeat !== next
  const change = async () => setDone((await call({ old, next })) !== undefined)
  const wrong = error?.code === 'people.wrong-passphrase' ? { error: explain(error).what } : {}
  return (
    <Dialog title={say('settings.changePassphrase')} closeLabel={say('frame.close')} onClose={props.onClose}>
      {done ? (
        <Notice tone="good" title={say('settings.passphraseChanged')} announce />
      ) : (
        <div className="stack">
          <PassphraseField label={say('settings.oldPassphrase')} value={old} onChange={setOld} focused {...wrong} />
          <PassphraseField
            label={say('settings.newPassphrase')}
            help={say('start.passphraseHelp')}
            value={next}
            onChange={setNext}
            isNew
          />
          <PassphraseField
            label={say('start.repeat')}
            value={repeat}
            onChange={setRepeat}
            isNew
            {...(differs ? { error: say('start.repeatDiffers') } : {})}
          />
          {error && error.code !== 'people.wrong-passphrase' && <ErrorNote error={error} announce />}
          <div>
            <Button
              kind="primary"
              busy={busy}
              disabled={old === '' || next === '' || repeat !== next}
              onPress={() => void change()}
            >
              {say('settings.changePassphrase')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function Others() {
  const { say } = useWords()
  const people = useWatch('people.list', null)
  const ask = useCall('people.request')
  const [request, setRequest] = useState<EnrolmentRequest>()
  const show = async (operator: string) => setRequest(await ask.call({ operator }))
  return (
    <Card
      title={say('settings.others')}
      aside={
        <Button kind="flat" href={paths.start}>
          {say('settings.enrolAnother')}
        </Button>
      }
    >
      {ask.error && <ErrorNote error={ask.error} announce />}
      <Loaded of={people}>
        {(list) => (
          <ul className="verdicts">
            {list.map((person) => (
              <Person key={person.id} person={person} onShow={() => void show(person.id)} />
            ))}
          </ul>
        )}
      </Loaded>
      {request && (
        <Dialog title={say('start.requestTitle')} closeLabel={say('frame.close')} onClose={() => setRequest(undefined)}>
          <RequestCard request={request} />
        </Dialog>
      )}
    </Card>
  )
}

function Person(props: { readonly person: KnownOperator; readonly onShow: () => void }) {
  const { person } = props
  const words = useWords()
  const { say } = words
  const { date } = useTicks(60_000)
  const ended = person.leaseUntil !== null && person.leaseUntil <= date
  return (
    <li>
      <StateIcon tone={person.enrolled && !ended ? 'good' : 'away'} size="small" />
      <div>
        <p className="strong">{person.name}</p>
        <p className="quiet small">
          {person.enrolled ? rolesText(person.roles, words) : say('settings.noLease')}
          {person.leaseUntil !== null &&
            `, ${ended ? say('settings.leaseEnded') : say('settings.leaseUntil', { until: person.leaseUntil })}`}
          {', '}
          {person.lastSignIn === null
            ? say('settings.neverSignedIn')
            : say('settings.lastSignIn', { age: date - person.lastSignIn })}
        </p>
      </div>
      {!person.enrolled && (
        <Button kind="flat" onPress={props.onShow}>
          {say('settings.showRequest')}
        </Button>
      )}
    </li>
  )
}

function rolesText(roles: KnownOperator['roles'], { say, formats }: Words): string {
  return roles.length === 0 ? say('settings.noRoles') : formats.list(roles.map((role) => say(`common.${role}`)))
}
