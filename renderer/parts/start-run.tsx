import type { ErrorData } from '../../shared/errors.ts'
import { useCall } from '../api/host.tsx'
import { paths } from '../routes.ts'
import { Button, type ButtonKind } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words.tsx'
import { ErrorNote } from './error-note.tsx'
import { SecondPersonInputs, useSecondPerson } from './second-person.tsx'

export interface StartRun {
  readonly start: () => void
  readonly busy: boolean
  /** Why it was refused; a missing second person opens a question instead. */
  readonly error: ErrorData | null
  readonly needsSecond: boolean
  readonly withSecond: (second: { operator: string; passphrase: string }) => void
  readonly leave: () => void
}

/** Starting a plan on a device: the same everywhere, and always into the run's own screen. */
export function useStartRun(plan: string, device: string): StartRun {
  const { call, ...state } = useCall('runs.start')
  return starting(state, async (second) => {
    const started = await call({ plan, device, ...second })
    return started ? paths.run(started.run) : null
  })
}

/** Starting a plan on several devices, into the screen of the batch. */
export function useStartBatch(plan: string, devices: readonly string[]): StartRun {
  const { call, ...state } = useCall('runs.startBatch')
  return starting(state, async (second) => {
    const started = await call({ plan, devices: [...devices], ...second })
    return started ? paths.batch(started.batch) : null
  })
}

function starting(
  { busy, error, forget }: { readonly busy: boolean; readonly error: ErrorData | null; readonly forget: () => void },
  start: (second: { second?: { operator: string; passphrase: string } }) => Promise<string | null>,
): StartRun {
  const begin = async (second: Parameters<typeof start>[0]) => {
    const path = await start(second)
    if (path !== null) window.location.hash = path
  }
  const needsSecond =
    error?.code === 'people.second-person-needed' ||
    error?.code === 'people.wrong-passphrase' ||
    error?.code === 'people.same-person-twice'
  return {
    start: () => void begin({}),
    withSecond: (second) => void begin({ second }),
    leave: forget,
    busy,
    error,
    needsSecond,
  }
}

export function StartButton(props: { readonly run: StartRun; readonly kind?: ButtonKind }) {
  const { say } = useWords()
  return (
    <Button kind={props.kind ?? 'primary'} busy={props.run.busy} onPress={props.run.start}>
      {say('run.start')}
    </Button>
  )
}

/** What a refused start says, or the question for the second person. Stands below the button's row. */
export function StartOutcome(props: { readonly run: StartRun }) {
  const { run } = props
  if (run.needsSecond) return <SecondPersonDialog run={run} />
  return run.error ? <ErrorNote error={run.error} announce /> : null
}

function SecondPersonDialog(props: { readonly run: StartRun }) {
  const { say } = useWords()
  const { run } = props
  return (
    <Dialog title={say('run.secondTitle')} closeLabel={say('common.cancel')} onClose={run.leave}>
      <p>{say('run.secondWhy')}</p>
      <SecondPersonFields
        busy={run.busy}
        label={say('run.secondStart')}
        error={run.error?.code === 'people.second-person-needed' ? null : run.error}
        onConfirm={run.withSecond}
      />
    </Dialog>
  )
}

export interface SecondPersonFieldsProps {
  readonly label: string
  readonly busy: boolean
  readonly error: ErrorData | null
  readonly onConfirm: (second: { operator: string; passphrase: string }) => void
}

/** Another operator of this laptop and their passphrase: the other half of the two-person rule. */
export function SecondPersonFields(props: SecondPersonFieldsProps) {
  const { explain } = useWords()
  const second = useSecondPerson()
  const { operator, passphrase, others } = second
  return (
    <div className="stack">
      <SecondPersonInputs second={second} {...(props.error && { error: explain(props.error).what })} />
      <div>
        <Button
          kind="primary"
          busy={props.busy}
          disabled={passphrase === '' || others.length === 0}
          onPress={() => props.onConfirm({ operator, passphrase })}
        >
          {props.label}
        </Button>
      </div>
    </div>
  )
}
