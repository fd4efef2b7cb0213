import type { AppState } from '../shared/contract/app.ts'
import { ArtifactScreen } from './features/artifact/artifact-screen.tsx'
import { AuditScreen } from './features/audit/audit-screen.tsx'
import { DeviceScreen } from './features/device/device-screen.tsx'
import { DoctorScreen } from './features/device/doctor-screen.tsx'
import { FindScreen } from './features/device/find/find-screen.tsx'
import { PlanList } from './features/plans/plan-list.tsx'
import { PlanScreen } from './features/plans/plan-screen.tsx'
import { RecoveryScreen } from './features/recovery/recovery-screen.tsx'
import { BatchScreen } from './features/run/batch-screen.tsx'
import { ReportScreen } from './features/run/report-screen.tsx'
import { RunList } from './features/run/run-list.tsx'
import { RunScreen } from './features/run/run-screen.tsx'
import { SettingsScreen } from './features/settings/settings-screen.tsx'
import { SiteScreen } from './features/site/site-screen.tsx'
import { StartScreen } from './features/start/start-screen.tsx'
import { SyncScreen } from './features/sync/sync-screen.tsx'
import type { Place } from './routes.ts'
import { paths } from './routes.ts'
import { Button } from './ui/button.tsx'
import { Page } from './ui/page.tsx'
import { useWords } from './words.tsx'

/** The feature that owns a place. */
export function Screen(props: { readonly place: Place; readonly state: AppState | undefined }) {
  const { place, state } = props
  const { say } = useWords()
  switch (place.area) {
    case 'home':
    case 'start':
      if (!state) return null
      return place.area === 'home' && state.firstStart === null ? <SiteScreen /> : <StartScreen state={state} />
    case 'site':
      return <SiteScreen />
    case 'device':
      return <DeviceScreen key={place.device} device={place.device} tab={place.tab} />
    case 'find':
      return <FindScreen />
    case 'doctor':
      return <DoctorScreen key={place.address} address={place.address} />
    case 'recovery':
      return <RecoveryScreen key={place.address} address={place.address} />
    case 'plans':
      return <PlanList />
    case 'plan':
      return <PlanScreen key={place.plan} plan={place.plan} />
    case 'artifact':
      return <ArtifactScreen key={place.target} target={place.target} />
    case 'runs':
      return <RunList />
    case 'run':
      return <RunScreen key={place.run} run={place.run} />
    case 'batch':
      return <BatchScreen key={place.batch} batch={place.batch} />
    case 'report':
      return <ReportScreen key={place.run} run={place.run} />
    case 'sync':
      return <SyncScreen />
    case 'audit':
      return <AuditScreen />
    case 'settings':
      return <SettingsScreen section={place.section} />
    case 'nowhere':
      return (
        <Page name={say('frame.nowhere')} title={say('frame.nowhere')} lead={say('frame.nowhereWhy')}>
          <div>
            <Button href={paths.site}>{say('frame.goSite')}</Button>
          </div>
        </Page>
      )
  }
}
