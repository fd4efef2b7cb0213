import type { DeviceView } from '../../../shared/model/device.ts'
import { useTicks } from '../../api/clock.ts'
import { useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { useNames } from '../../parts/names.ts'
import { StartButton, StartOutcome, useStartRun } from '../../parts/start-run.tsx'
import { changeOf, Versions } from '../../parts/versions.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { useWords } from '../../words.tsx'
import { PlansForDevice } from './plans-for-device.tsx'
import { Recording } from './recording.tsx'
import { Slots } from './slots.tsx'

/** What it runs and should run, what its slots hold, which plans fit and why others do not. */
export function Overview(props: { readonly device: DeviceView }) {
  const { device } = props
  return (
    <div className="page-columns">
      <Wanted device={device} />
      <Connection device={device} />
      <div className="span">
        <Slots slots={device.status?.slots ?? []} />
      </div>
      <div className="span">
        <PlansForDevice device={device.key} />
      </div>
      <div className="span">
        <Recording device={device} />
      </div>
    </div>
  )
}

function Wanted(props: { readonly device: DeviceView }) {
  const { device } = props
  const { say } = useWords()
  const row = useWatch('site.row', { device: device.key }).value
  const running = row?.running ?? device.status?.versions ?? {}
  const wanted = row?.wanted ?? {}
  const change = changeOf(running, wanted)
  const wrong = Object.entries(wanted).find(([component, version]) => running[component] !== version)
  const start = useStartRun(row?.plan?.id ?? '', device.key)
  const isKnown = Object.keys(wanted).length > 0
  return (
    <Card title={say('device.wantedTitle')}>
      <div className="stack">
        <p className="wanted-versions">
          <Versions change={change} />
        </p>
        <div>
          <p>
            {wrong
              ? say('device.wantedNot', { to: wrong[1], from: running[wrong[0]] ?? null })
              : say(isKnown ? 'device.wantedRight' : 'device.wantedNone')}
          </p>
          {wrong && (
            <p className="quiet">
              {row?.plan ? say('device.wantedPlan', { plan: row.plan.title }) : say('device.wantedNoPlan')}
            </p>
          )}
        </div>
        {row?.reason && <ErrorNote error={row.reason} tone="caution" about={device.key} />}
        <div className="row">
          {row?.run ? (
            <Button kind="primary" href={paths.run(row.run)}>
              {say('device.openRun')}
            </Button>
          ) : (
            row?.plan && device.presence === 'present' && <StartButton run={start} />
          )}
          {row?.plan && <Button href={paths.plan(row.plan.id)}>{row.plan.title}</Button>}
        </div>
        <StartOutcome run={start} />
      </div>
    </Card>
  )
}

function Connection(props: { readonly device: DeviceView }) {
  const { device } = props
  const { say, formats } = useWords()
  const { date } = useTicks(10_000)
  const nameOf = useNames()
  const seen = device.lastSeenAt
  return (
    <Card title={say('device.connection')}>
      <Facts
        facts={[
          { name: say('device.serialNumber'), value: device.identity.serial },
          { name: say('device.hardware'), value: device.identity.hardware ?? say('common.unknown') },
          {
            name: say('device.lastSeen'),
            value:
              seen === null
                ? say('common.never')
                : device.presence === 'present'
                  ? say('common.justNow')
                  : say('device.seenBy', {
                      age: date - seen,
                      by: device.lastSeenBy === null ? null : nameOf(device.lastSeenBy),
                    }),
          },
          {
            name: say('device.readAt'),
            value: device.statusAt === null ? say('device.notRead') : formats.datetime(device.statusAt),
          },
          { name: say('device.key'), value: <span className="mono small">{device.key}</span> },
        ]}
      />
    </Card>
  )
}
