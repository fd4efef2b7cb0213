import { useState } from 'react'
import { Role } from '../../../shared/model/policy.ts'
import type { ConditionView } from '../../../shared/model/run.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { SecondPersonFields } from '../../parts/start-run.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SlideConfirm } from '../../ui/slide-confirm.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'

/** The contract's own bounds on a reason. */
const REASON_MIN = 5
const REASON_MAX = 500

/** The way past a condition that is wrong: only where the plan allows it, by whom it names, on the record. */
export function OverrideButton(props: { readonly run: string; readonly condition: ConditionView }) {
  const { condition } = props
  const { say } = useWords()
  const [open, setOpen] = useState(false)
  if (condition.state !== 'fails' || condition.override === null) return null
  return (
    <>
      <Button kind="flat" onPress={() => setOpen(true)}>
        {say('run.override')}
      </Button>
      {open && <OverrideDialog {...props} onClose={() => setOpen(false)} />}
    </>
  )
}

function OverrideDialog(props: {
  readonly run: string
  readonly condition: ConditionView
  readonly onClose: () => void
}) {
  const { condition } = props
  const { say, formats } = useWords()
  const { call, busy, error } = useCall('runs.override')
  const [reason, setReason] = useState('')
  const roles = formats.list(
    (condition.override?.roles ?? []).map((role) => {
      const known = Role.safeParse(role)
      return known.success ? say(`common.${known.data}`) : role
    }),
  )
  const override = async (second?: { operator: string; passphrase: string }) => {
    const done = await call({
      run: props.run,
      condition: condition.id,
      reason: reason.trim(),
      ...(second ? { second } : {}),
    })
    if (done !== undefined) props.onClose()
  }
  const ready = reason.trim().length >= REASON_MIN
  return (
    <Dialog
      title={say('run.overrideTitle', { title: condition.title })}
      closeLabel={say('common.cancel')}
      onClose={props.onClose}
    >
      <div className="stack">
        <p>{say('run.overrideWhy', { roles })}</p>
        <TextField
          label={say('run.overrideReason')}
          value={reason}
          onChange={setReason}
          lines={3}
          maxLength={REASON_MAX}
          focused
        />
        {error && <ErrorNote error={error} announce />}
        {condition.override?.twoPerson ? (
          <>
            <p>{say('run.overrideTwo')}</p>
            <SecondPersonFields
              label={say('run.overrideSlide')}
              busy={busy || !ready}
              error={null}
              onConfirm={(second) => void override(second)}
            />
          </>
        ) : (
          <SlideConfirm
            label={say('run.overrideSlide')}
            hint={say('common.slideHint')}
            tone="alarm"
            disabled={!ready || busy}
            onConfirm={() => void override()}
          />
        )}
      </div>
    </Dialog>
  )
}
