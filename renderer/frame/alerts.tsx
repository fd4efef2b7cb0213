import type { Alert } from '../../shared/contract/alerts.ts'
import { useCall, useWatch } from '../api/host.tsx'
import { SupportDetail } from '../parts/error-note.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useNames } from '../parts/names.ts'
import { pathOfSubject } from '../routes.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useWords } from '../words.tsx'
import './alerts.css'

/** All alerts, the newest first, until a person has acknowledged them. */
export function AlertList(props: { readonly onClose: () => void }) {
  const { say } = useWords()
  const alerts = useWatch('alerts.list', null)
  return (
    <Dialog title={say('frame.alerts')} closeLabel={say('frame.close')} onClose={props.onClose} form="side">
      <Loaded of={alerts}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="check" title={say('frame.alertsEmpty')}>
              {say('frame.alertsEmptyWhy')}
            </Empty>
          ) : (
            <ul className="alert-list">
              {newestFirst(list).map((alert) => (
                <li key={alert.id}>
                  <AlertRow alert={alert} onGone={props.onClose} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Dialog>
  )
}

/** The newest alarm that nobody has acknowledged, across the top of every screen. */
export function AlarmStrip(props: { readonly alerts: readonly Alert[] }) {
  const { say, explain } = useWords()
  const { call, busy } = useCall('alerts.acknowledge')
  const alarm = newestFirst(props.alerts).find((each) => each.level === 'alarm' && each.acknowledgedAt === null)
  if (!alarm) return null
  const path = pathOfSubject(alarm.subject)
  const text = explain(alarm.reason)
  return (
    <section className="alarm-strip" aria-label={say('frame.alarm')}>
      <div role="alert" className="alarm-words">
        <StateIcon tone="alarm" />
        <span>
          <strong>{say('frame.alarm')}.</strong> {text.what} {text.next}
        </span>
      </div>
      <div className="row">
        {path && (
          <Button href={path} kind="normal">
            {say('frame.show')}
          </Button>
        )}
        <Button busy={busy} onPress={() => void call({ alert: alarm.id })}>
          {say('frame.acknowledge')}
        </Button>
      </div>
    </section>
  )
}

function AlertRow(props: { readonly alert: Alert; readonly onGone: () => void }) {
  const { alert } = props
  const { say, explain } = useWords()
  const { call, busy } = useCall('alerts.acknowledge')
  const nameOf = useNames()
  const text = explain(alert.reason)
  const path = pathOfSubject(alert.subject)
  const since = alert.raisedAt
  return (
    <article className={`alert-row ${alert.acknowledgedAt === null ? 'open' : ''}`}>
      <StateIcon tone={alert.level} />
      <div className="stack">
        <div>
          <p className="quiet small">
            <strong>{say(`frame.${alert.level}`)}</strong>{' '}
            {alert.active ? say('frame.alertActive', { since }) : say('frame.alertOver', { since })}
          </p>
          <p className="strong">{text.what}</p>
          <p>{text.next}</p>
          {alert.acknowledgedAt !== null && (
            <p className="quiet small">
              {say('frame.acknowledged', {
                at: alert.acknowledgedAt,
                by: alert.acknowledgedBy === null ? null : nameOf(alert.acknowledgedBy),
              })}
            </p>
          )}
          <SupportDetail error={alert.reason} about={alert.subject} />
        </div>
        <div className="row">
          {alert.acknowledgedAt === null && (
            <Button kind="primary" busy={busy} onPress={() => void call({ alert: alert.id })}>
              {say('frame.acknowledge')}
            </Button>
          )}
          {path && (
            <Button
              onPress={() => {
                window.location.hash = path
                props.onGone()
              }}
            >
              {say('frame.show')}
            </Button>
          )}
        </div>
      </div>
    </article>
  )
}

function newestFirst(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort((a, b) => b.raisedAt - a.raisedAt)
}
