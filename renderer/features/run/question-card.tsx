import { useEffect, useRef, useState } from 'react'
import type { AnswerChoice, Question, RunView } from '../../../shared/model/run.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { versionsOf } from '../../parts/phase.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { SlideConfirm } from '../../ui/slide-confirm.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords, type Words } from '../../words.tsx'
import { Controls } from './controls.tsx'

/** Choices that change the device for good: slid, never clicked. */
const SLIDES: readonly AnswerChoice[] = ['go', 'confirm-new', 'roll-back']

/** The one thing that the run waits for a person to say, in the place where the eyes are. */
export function QuestionCard(props: { readonly run: RunView; readonly question: Question }) {
  const { run, question } = props
  const words = useWords()
  const { say, explain } = words
  const { call, busy, error } = useCall('runs.answer')
  const [note, setNote] = useState('')
  const answer = (choice: AnswerChoice) =>
    void call({ run: run.id, question: question.id, choice, ...(note.trim() === '' ? {} : { note: note.trim() }) })
  // Whoever was reading further down must not miss that the run now waits for them.
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    top.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const wantsNote = question.kind === 'attest' && question.evidence === 'note'
  const slides = question.choices.filter((choice) => SLIDES.includes(choice))
  const buttons = question.choices.filter((choice) => !SLIDES.includes(choice))
  const { title, why } =
    question.kind === 'attest' ? { title: say('run.attestTitle'), why: null } : asks(run, question, words)
  return (
    <Card tone="accent">
      <div className="question" ref={top}>
        <div role="alert">
          <h2 className="question-title">{title}</h2>
          {question.kind === 'attest' && <p className="question-statement">{question.text}</p>}
          {question.kind === 'attention' && question.reason && <p>{explain(question.reason).what}</p>}
          {why !== null && <p>{why}</p>}
        </div>
        {wantsNote && (
          <TextField
            label={say('run.attestNote')}
            help={say('run.attestNoteHelp')}
            value={note}
            onChange={setNote}
            lines={2}
          />
        )}
        {error && <ErrorNote error={error} announce />}
        {slides.map((choice) => (
          <SlideConfirm
            key={choice}
            label={choiceLabel(choice, run, question, words)}
            hint={say('common.slideHint')}
            disabled={busy}
            onConfirm={() => answer(choice)}
          />
        ))}
        {slides.length > 0 && <p className="quiet small">{say('common.slideHint')}</p>}
        {buttons.length > 0 && (
          <div className="row">
            {buttons.map((choice) => (
              <Button
                key={choice}
                kind={choice === 'attest' ? 'primary' : 'normal'}
                busy={busy}
                disabled={choice === 'attest' && wantsNote && note.trim() === ''}
                onPress={() => answer(choice)}
              >
                {choiceLabel(choice, run, question, words)}
              </Button>
            ))}
          </div>
        )}
        <Controls run={run} stopOnly />
      </div>
    </Card>
  )
}

function asks(run: RunView, question: Exclude<Question, { kind: 'attest' }>, { say }: Words) {
  const { to } = versionsOf(run.change)
  return question.kind === 'hold'
    ? { title: say(`run.hold-${question.at}`, { to, device: run.deviceName }), why: say(`run.holdWhy-${question.at}`) }
    : { title: say(`run.ask-${question.about}`), why: say(`run.askWhy-${question.about}`) }
}

function choiceLabel(choice: AnswerChoice, run: RunView, question: Question, { say }: Words): string {
  const { from, to } = versionsOf(run.change)
  const old = from ?? say('run.fromDevice')
  if (choice === 'go' && question.kind === 'hold') return say(`run.go-${question.at}`, { to, device: run.deviceName })
  if (choice === 'give-up' && question.kind !== 'attention') return say('run.stop', { version: old })
  return say(`run.choose-${choice}`, { from: old, to })
}
