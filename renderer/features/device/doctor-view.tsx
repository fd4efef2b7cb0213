import { useState } from 'react'
import type { Examination, Finding } from '../../../shared/contract/doctor.ts'
import { useAsk } from '../../api/host.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { doctorReport, findingText } from '../../text/doctor-report.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { Tag, type TagTone } from '../../ui/tag.tsx'
import { useWords } from '../../words.tsx'
import { AccessRuleCard } from './access-rule-card.tsx'

const TONES: Readonly<Record<Finding['level'], Tone>> = {
  fault: 'warning',
  notice: 'caution',
  unknown: 'unknown',
  fine: 'good',
}
const TAGS: Readonly<Record<Finding['level'], TagTone>> = {
  fault: 'warning',
  notice: 'caution',
  unknown: 'plain',
  fine: 'good',
}

/** What keeps a device away: each finding with what was seen and what to do. */
export function DoctorView(props: { readonly address: string | null }) {
  const { say } = useWords()
  const [again, setAgain] = useState(0)
  const examined = useAsk('doctor.examine', props.address === null ? {} : { address: props.address }, again)
  return (
    <Loaded of={examined} lines={6}>
      {(examination) => (
        <>
          <Card
            title={props.address === null ? say('doctor.ofAll') : say('doctor.of', { address: props.address })}
            aside={<span>{say('doctor.at', { at: examination.at, platform: examination.platform })}</span>}
          >
            <div className="stack">
              <ul className="verdicts" aria-live="polite">
                {examination.findings.map((finding, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an examination does not change; the next one is another
                  <FindingRow key={index} finding={finding} />
                ))}
              </ul>
              <div className="row">
                <Button icon="refresh" onPress={() => setAgain(again + 1)}>
                  {say('doctor.again')}
                </Button>
                <CopyReport examination={examination} />
                {examination.findings.some(({ code }) => code === 'not-asked') && (
                  <Button href={paths.find}>{say('find.ask')}</Button>
                )}
              </div>
            </div>
          </Card>
          {examination.rule && examination.address !== null && (
            <AccessRuleCard rule={examination.rule} address={examination.address} />
          )}
        </>
      )}
    </Loaded>
  )
}

function FindingRow(props: { readonly finding: Finding }) {
  const { finding } = props
  const { say } = useWords()
  const { seen, todo } = findingText(finding, say)
  return (
    <li>
      <StateIcon tone={TONES[finding.level]} />
      <div>
        <p className="strong finding-words">{seen}</p>
        <p className="finding-words">{todo}</p>
      </div>
      <Tag tone={TAGS[finding.level]}>{say(`doctor.level-${finding.level}`)}</Tag>
    </li>
  )
}

function CopyReport(props: { readonly examination: Examination }) {
  const { say } = useWords()
  const [copied, setCopied] = useState<Examination>()
  const copy = async () => {
    await navigator.clipboard.writeText(doctorReport(props.examination, say))
    setCopied(props.examination)
  }
  const isCopied = copied === props.examination
  return (
    <Button icon={isCopied ? 'check' : 'copy'} onPress={() => void copy()}>
      {isCopied ? say('common.copied') : say('doctor.copy')}
    </Button>
  )
}
