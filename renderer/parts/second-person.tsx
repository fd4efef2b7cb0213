import { useState } from 'react'
import { useWatch } from '../api/host.tsx'
import { Choice } from '../ui/choice.tsx'
import { useWords } from '../words.tsx'
import { PassphraseField } from './passphrase.tsx'

export interface SecondPerson {
  readonly others: readonly { readonly id: string; readonly name: string }[]
  /** Empty where there is nobody. */
  readonly operator: string
  readonly passphrase: string
  readonly choose: (operator: string) => void
  readonly type: (passphrase: string) => void
}

/** Another operator of this laptop and their passphrase: the other half of the two-person rule. */
export function useSecondPerson(): SecondPerson {
  const people = useWatch('people.list', null).value ?? []
  const me = useWatch('app.state', null).value?.session?.operator
  const others = people.filter((each) => each.id !== me && each.enrolled)
  const [chosen, choose] = useState('')
  const [passphrase, type] = useState('')
  return { others, operator: chosen || (others[0]?.id ?? ''), passphrase, choose, type }
}

/** Who it is, and the secret that proves it; or that nobody else can sign here. */
export function SecondPersonInputs(props: { readonly second: SecondPerson; readonly error?: string }) {
  const { second, error } = props
  const { say } = useWords()
  if (second.others.length === 0) return <p className="strong">{say('run.secondNobody')}</p>
  return (
    <>
      <Choice
        label={say('run.secondWho')}
        value={second.operator}
        onChange={second.choose}
        options={second.others.map((each) => ({ value: each.id, label: each.name }))}
      />
      <PassphraseField
        label={say('run.secondPassphrase')}
        value={second.passphrase}
        onChange={second.type}
        {...(error !== undefined && { error })}
      />
    </>
  )
}
