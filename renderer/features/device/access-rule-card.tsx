import { useState } from 'react'
import type { AccessRule } from '../../../shared/contract/doctor.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words.tsx'

/** The rule by which the system gives the device to who sits here: to read, and to write where this account may. */
export function AccessRuleCard(props: { readonly rule: AccessRule; readonly address: string }) {
  const { rule, address } = props
  const { say } = useWords()
  const write = useCall('doctor.writeRule')
  const [written, setWritten] = useState<string>()
  const put = async () => {
    const done = await write.call({ address })
    if (done) setWritten(done.file)
  }
  return (
    <Card title={say('doctor.ruleTitle')}>
      <div className="stack">
        <p className="find-address">{say('doctor.ruleFile', { file: rule.file })}</p>
        <code className="mono small access-rule">{rule.text.trimEnd()}</code>
        {written !== undefined && <Notice tone="good" title={say('doctor.ruleWritten', { file: written })} announce />}
        {rule.writable && written === undefined && (
          <div className="row">
            <Button kind="primary" busy={write.busy} onPress={() => void put()}>
              {say('doctor.ruleWrite')}
            </Button>
          </div>
        )}
        {!rule.writable && <p>{say('doctor.ruleByHand')}</p>}
        {write.error && <ErrorNote error={write.error} announce />}
      </div>
    </Card>
  )
}
