import { useState } from 'react'
import type { DemoState, GuideStep, SimFault } from '../../../shared/contract/demo.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { paths } from '../../routes.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Icon } from '../../ui/icon.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'
import './demo-guide.css'

/** Where each step of the tour happens. */
const PLACES: Readonly<Record<GuideStep['id'], string>> = {
  trust: paths.start,
  enrol: paths.start,
  approve: paths.start,
  'sign-in': paths.start,
  sync: paths.sync,
  offline: paths.sync,
  'safe-state': paths.site,
  update: paths.runs,
  online: paths.sync,
  audit: paths.audit,
}

const FAULTS: readonly SimFault[] = [
  'none',
  'boom-up',
  'power-loss',
  'drop-frames',
  'stall',
  'lie-about-version',
  'broken-application',
  'refuse-image',
]

/** The device whose boot loader waits on its serial port when the application is gone. */
const HAS_RECOVERY = 'crane'

/** The tour beside the screens: it follows what the console really does, and plays the world around it. */
export function DemoGuide() {
  const { say } = useWords()
  const demo = useWatch('demo.state', null).value
  const [open, setOpen] = useState(true)
  if (!demo) return null
  if (!open) {
    return (
      <button type="button" className="guide-tab" onClick={() => setOpen(true)}>
        <Icon name="simulation" size="small" />
        {say('demo.show')}
      </button>
    )
  }
  return (
    <aside className="guide" aria-label={say('demo.title')}>
      <header className="guide-head">
        <h2>{say('demo.title')}</h2>
        <IconButton icon="close" label={say('demo.hide')} onPress={() => setOpen(false)} />
      </header>
      <div className="guide-body">
        <ol className="guide-steps">
          {demo.steps.map((step) => (
            <Step key={step.id} step={step} />
          ))}
        </ol>
        {demo.steps.every((step) => step.state === 'done') && <p className="strong">{say('demo.allDone')}</p>}
        <Surroundings demo={demo} />
      </div>
    </aside>
  )
}

function Step(props: { readonly step: GuideStep }) {
  const { step } = props
  const { say } = useWords()
  const approve = useCall('demo.approve')
  const { address = null, fingerprint = null, device = null } = step.facts
  const now = step.state === 'now'
  // As the screen beside it shows it: in groups, and enough of them to compare.
  const begin =
    fingerprint
      ?.match(/.{1,4}/g)
      ?.slice(0, 4)
      .join(' ') ?? null
  return (
    <li className={`guide-step ${step.state}`} aria-current={now ? 'step' : undefined}>
      <StateIcon tone={step.state === 'done' ? 'good' : now ? 'next' : 'idle'} size="small" />
      <div>
        <p className={now ? 'strong' : ''}>
          {say(`demo.step-${step.id}`)}
          <span className="visually-hidden">, {say(`demo.${step.state}`)}</span>
        </p>
        {now && (
          <>
            <p className="small guide-text">
              {say(`demo.stepText-${step.id}`, { address, fingerprint: begin, device })}
            </p>
            {approve.error && <ErrorNote error={approve.error} announce />}
            <div className="row">
              {step.id === 'approve' && (
                <Button kind="primary" busy={approve.busy} onPress={() => void approve.call(null)}>
                  {say('demo.approve')}
                </Button>
              )}
              {step.id !== 'approve' && <Button href={PLACES[step.id]}>{say('demo.go')}</Button>}
            </div>
          </>
        )}
      </div>
    </li>
  )
}

function Surroundings(props: { readonly demo: DemoState }) {
  const { say } = useWords()
  const { call, error } = useCall('demo.setFault')
  const needed = props.demo.steps.some((step) => step.state === 'now' && step.id === 'safe-state')
  // It opens by itself when it is needed, and never closes under the hand that uses it.
  const [open, setOpen] = useState(needed)
  if (needed && !open) setOpen(true)
  return (
    <Disclosure label={<strong>{say('demo.surroundings')}</strong>} open={open}>
      <p className="quiet small guide-why">{say('demo.surroundingsWhy')}</p>
      {error && <ErrorNote error={error} announce />}
      <ul className="guide-devices">
        {props.demo.devices.map((device) => (
          <li key={device.id}>
            <label>
              <span className="strong">{device.name}</span>
              <select
                aria-label={`${device.name}: ${say('demo.fault')}`}
                value={device.fault}
                onChange={(event) => void call({ device: device.id, fault: event.target.value as SimFault })}
              >
                {FAULTS.filter((fault) => fault !== 'broken-application' || device.id === HAS_RECOVERY).map((fault) => (
                  <option key={fault} value={fault}>
                    {say(`demo.fault-${fault}`)}
                  </option>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
