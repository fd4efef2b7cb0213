import type { AppState } from '../../shared/contract/app.ts'
import type { Place } from '../routes.ts'
import { paths } from '../routes.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import './navigation.css'

const AREA_OF: Readonly<Record<Place['area'], string>> = {
  home: 'site',
  start: 'site',
  site: 'site',
  device: 'site',
  find: 'site',
  doctor: 'site',
  recovery: 'site',
  plans: 'plans',
  plan: 'plans',
  artifact: 'plans',
  runs: 'runs',
  run: 'runs',
  report: 'runs',
  batch: 'runs',
  sync: 'sync',
  audit: 'audit',
  settings: 'settings',
  nowhere: '',
}

export function Navigation(props: {
  readonly place: Place
  readonly state: AppState | undefined
  readonly open: boolean
  readonly onChosen: () => void
}) {
  const { say } = useWords()
  const items: readonly { id: string; icon: IconName; label: string; href: string; count?: number | undefined }[] = [
    { id: 'site', icon: 'site', label: say('frame.site'), href: paths.site },
    { id: 'plans', icon: 'plans', label: say('frame.plans'), href: paths.plans },
    { id: 'runs', icon: 'runs', label: say('frame.runs'), href: paths.runs, count: props.state?.runs.active },
    { id: 'sync', icon: 'sync', label: say('frame.sync'), href: paths.sync },
    { id: 'audit', icon: 'audit', label: say('frame.audit'), href: paths.audit },
    { id: 'settings', icon: 'settings', label: say('frame.settings'), href: paths.settings() },
  ]
  const current = AREA_OF[props.place.area]
  return (
    <nav id="areas" className={`navigation ${props.open ? 'open' : ''}`} aria-label={say('frame.areas')}>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <a href={item.href} aria-current={item.id === current ? 'page' : undefined} onClick={props.onChosen}>
              <Icon name={item.icon} />
              <span className="navigation-label">{item.label}</span>
              {item.count !== undefined && item.count > 0 && <span className="navigation-count">{item.count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
