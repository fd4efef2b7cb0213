import type { DeviceView } from '../../../shared/model/device.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LinkLabel } from '../../parts/link-label.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { DEVICE_TABS, type DeviceTab, paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useWords } from '../../words.tsx'
import { ClaimNote } from './claim-note.tsx'
import { DoctorTab } from './doctor-tab.tsx'
import { Health } from './health.tsx'
import { History } from './history.tsx'
import { Overview } from './overview.tsx'
import { Signals } from './signals.tsx'
import './device.css'

/** One device: who it is, what it holds, what it measures, what was done to it. */
export function DeviceScreen(props: { readonly device: string; readonly tab: DeviceTab }) {
  const device = useWatch('devices.one', { device: props.device })
  return <LoadedPage of={device}>{(view) => <Device device={view} tab={props.tab} />}</LoadedPage>
}

const PRESENCE: Readonly<Record<DeviceView['presence'], Tone>> = {
  present: 'good',
  silent: 'warning',
  restarting: 'busy',
  absent: 'away',
  duplicate: 'warning',
}

function Device(props: { readonly device: DeviceView; readonly tab: DeviceTab }) {
  const { device, tab } = props
  const { say } = useWords()
  const refresh = useCall('devices.refresh')
  const { type, serial, hardware } = device.identity
  return (
    <Page
      name={device.name}
      title={device.name}
      lead={
        <>
          <p>{say('device.identity', { type: device.typeTitle || type, serial, hardware })}</p>
          <p className="device-state">
            <StateIcon tone={isBare(device) ? 'warning' : PRESENCE[device.presence]} size="small" />
            <span>{device.presence === 'present' ? mode(device, say) : say(`device.${device.presence}`)}</span>
            {device.link && <LinkLabel link={device.link} />}
            {device.link?.roundTripMs != null && device.presence === 'present' && (
              <span>{say('device.roundTrip', { ms: Math.round(device.link.roundTripMs) })}</span>
            )}
          </p>
        </>
      }
      actions={
        <Button icon="refresh" busy={refresh.busy} onPress={() => void refresh.call({ device: device.key })}>
          {say('device.refresh')}
        </Button>
      }
    >
      <Tabs
        label={say('device.tabs')}
        current={tab}
        tabs={DEVICE_TABS.map((id) => ({ id, label: say(`device.${id}`), href: paths.device(device.key, id) }))}
      />
      {refresh.error && <ErrorNote error={refresh.error} announce />}
      {device.trouble && <ErrorNote error={device.trouble} about={device.key} />}
      <ClaimNote device={device} />
      {tab === 'overview' && <Overview device={device} />}
      {tab === 'signals' && <Signals device={device.key} />}
      {tab === 'health' && <Health device={device.key} />}
      {tab === 'history' && <History device={device.key} />}
      {tab === 'doctor' && <DoctorTab device={device} />}
    </Page>
  )
}

/** Nothing runs on it but its boot loader. */
function isBare({ presence, status }: DeviceView): boolean {
  return presence === 'present' && status?.mode === 'bootloader'
}

function mode(device: DeviceView, say: ReturnType<typeof useWords>['say']): string {
  return say(`device.${device.status?.mode ?? 'unknown'}`)
}
