import type { AppState } from '../../shared/contract/app.ts'
import { paths } from '../routes.ts'
import { Icon } from '../ui/icon.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useWords } from '../words.tsx'
import { Chips } from './chips.tsx'
import type { Display } from './display.ts'
import { PaletteMenu } from './palette-menu.tsx'
import './top-bar.css'

export interface TopBarProps {
  readonly state: AppState | undefined
  readonly display: Display
  readonly onDisplay: (change: Partial<Display>) => void
  readonly menuOpen: boolean
  readonly onMenu: () => void
  readonly onAlerts: () => void
}

export function TopBar(props: TopBarProps) {
  const { say } = useWords()
  const { state } = props
  return (
    <header className="top-bar">
      <button
        type="button"
        className="bar-button top-menu"
        aria-expanded={props.menuOpen}
        aria-controls="areas"
        onClick={props.onMenu}
      >
        <Icon name="menu" />
        <span className="visually-hidden">{say('frame.menu')}</span>
      </button>
      <a className="top-brand" href={paths.site}>
        <svg className="top-mark" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M4 21 21 8l4 5.5L8.5 24z" />
          <path d="M3 27h26" />
        </svg>
        <span className="top-name">Slipway</span>
        <span className="top-site">{state?.site?.title ?? (state ? say('frame.noSite') : '')}</span>
      </a>
      <nav className="top-chips" aria-label={say('frame.status')}>
        {state && <Chips state={state} />}
      </nav>
      <div className="top-end">
        {state && <AlertButton alerts={state.alerts} onPress={props.onAlerts} />}
        {state && <OperatorButton session={state.session} />}
        <PaletteMenu display={props.display} onDisplay={props.onDisplay} />
      </div>
    </header>
  )
}

function AlertButton(props: { readonly alerts: AppState['alerts']; readonly onPress: () => void }) {
  const { say } = useWords()
  const { alarm, warning, caution, unacknowledged } = props.alerts
  const all = alarm + warning + caution
  const words = all === 0 ? say('frame.alertsNone') : say('frame.alertsSome', { n: all, open: unacknowledged })
  const levels = [
    ['alarm', alarm],
    ['warning', warning],
    ['caution', caution],
  ] as const
  return (
    <button
      type="button"
      className={`bar-button alert-button ${alarm > 0 && unacknowledged > 0 ? 'alarm' : ''}`}
      title={words}
      onClick={props.onPress}
    >
      {all === 0 && <Icon name="alerts" />}
      {levels.map(
        ([level, count]) =>
          count > 0 && (
            <span key={level} className="alert-count" aria-hidden="true">
              <StateIcon tone={level} size="small" />
              {count}
            </span>
          ),
      )}
      <span className="visually-hidden">{words}</span>
    </button>
  )
}

function OperatorButton(props: { readonly session: AppState['session'] }) {
  const { say } = useWords()
  const { session } = props
  return (
    <a className={`operator ${session ? '' : 'nobody'}`} href={session ? paths.settings('people') : paths.start}>
      <Icon name="operator" />
      <span className="operator-name">
        {session ? session.name : say('frame.signIn')}
        {session && !session.enrolled && <small>{say('frame.notEnrolled')}</small>}
        {session?.leaseEnded && <small>{say('frame.leaseEnded')}</small>}
      </span>
    </a>
  )
}
