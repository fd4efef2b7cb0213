import { useEffect } from 'react'
import type { BatchDevice, BatchDeviceState, BatchView } from '../../../shared/model/batch.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { useNames } from '../../parts/names.ts'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'
import { rememberBatch } from './batch-link.tsx'
import './batch.css'

/** The columns of the board, in the order in which a person should look. */
const COLUMNS = [
  { id: 'needs-person', tone: 'person', states: ['needs-person'] },
  { id: 'running', tone: 'busy', states: ['running'] },
  { id: 'waiting', tone: 'idle', states: ['waiting'] },
  { id: 'succeeded', tone: 'good', states: ['succeeded', 'not-needed'] },
  { id: 'failed', tone: 'warning', states: ['failed', 'skipped'] },
] as const satisfies readonly { id: BatchDeviceState; tone: Tone; states: readonly BatchDeviceState[] }[]

/** While the others wait for it, a canary says so. */
const GOES_FIRST: readonly BatchDeviceState[] = ['waiting', 'running', 'needs-person']

/** One plan on several devices as a board: a column a state, a card a device. */
export function BatchScreen(props: { readonly batch: string }) {
  const batch = useWatch('runs.batch', { batch: props.batch })
  useEffect(() => rememberBatch(props.batch), [props.batch])
  return <LoadedPage of={batch}>{(view) => <Batch batch={view} />}</LoadedPage>
}

function Batch(props: { readonly batch: BatchView }) {
  const { batch } = props
  const { say } = useWords()
  const nameOf = useNames()
  const stop = useCall('runs.stopBatch')
  const done = batch.devices.filter(({ state }) => state === 'succeeded' || state === 'not-needed').length
  const waits = batch.devices.some(({ state }) => state === 'waiting')
  return (
    <Page
      name={say('run.batchTitle', { plan: batch.planTitle })}
      title={batch.planTitle}
      lead={say('run.batchLead', { done, all: batch.devices.length, actor: nameOf(batch.actor) })}
      actions={
        waits &&
        batch.stopped === null && (
          <Button icon="stop" busy={stop.busy} onPress={() => void stop.call({ batch: batch.id })}>
            {say('run.batchStop')}
          </Button>
        )
      }
    >
      {stop.error && <ErrorNote error={stop.error} announce />}
      {batch.stopped?.code === 'cancelled' ? (
        <Notice tone="info" title={say('run.batchStopped')} announce />
      ) : (
        batch.stopped && <ErrorNote error={batch.stopped} tone="warning" about={batch.id} />
      )}
      <div className="batch">
        {COLUMNS.map(({ id, tone, states }) => {
          const here = batch.devices.filter(({ state }) => states.some((one) => one === state))
          return (
            <section key={id} className="batch-column">
              <h2 className="batch-head">
                <StateIcon tone={tone} size="small" />
                <span>{say(`run.batch-${id}`)}</span> <span className="quiet">{here.length}</span>
              </h2>
              <ul>
                {here.map((device) => (
                  <li key={device.key}>
                    <DeviceCard device={device} />
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    </Page>
  )
}

function DeviceCard(props: { readonly device: BatchDevice }) {
  const { device } = props
  const { say, explain } = useWords()
  const { state, reason } = device
  return (
    <article className="batch-card">
      <a href={device.run === null ? paths.device(device.key) : paths.run(device.run)}>{device.name}</a>
      {device.canary && GOES_FIRST.includes(state) && <p className="quiet small">{say('run.batchCanary')}</p>}
      {state === 'not-needed' && <p className="quiet small">{say('run.batchNotNeeded')}</p>}
      {state === 'skipped' && <p className="quiet small">{say('run.batchSkipped')}</p>}
      {reason && state !== 'not-needed' && <p className="small">{explain(reason).what}</p>}
    </article>
  )
}
