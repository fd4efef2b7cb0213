import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { AppState } from '../../shared/contract/app.ts'
import { useConnection, useWatch } from '../api/host.tsx'
import type { Place } from '../routes.ts'
import { useWords } from '../words.tsx'
import { AlarmStrip, AlertList } from './alerts.tsx'
import { Bands } from './bands.tsx'
import { type Display, nextPalette } from './display.ts'
import { Navigation } from './navigation.tsx'
import { ShortcutList, useShortcuts } from './shortcuts.tsx'
import { TopBar } from './top-bar.tsx'
import './frame.css'

export interface FrameProps {
  readonly place: Place
  readonly state: AppState | undefined
  readonly display: Display
  readonly onDisplay: (change: Partial<Display>) => void
  readonly children: ReactNode
  /** Beside the content in a demo: the guide. */
  readonly aside?: ReactNode
}

/** Around every screen: bands, top bar, areas, alarms. */
export function Frame(props: FrameProps) {
  const { say } = useWords()
  const { status } = useConnection()
  const alerts = useWatch('alerts.list', null)
  const [menuOpen, setMenuOpen] = useState(false)
  const [open, setOpen] = useState<'alerts' | 'keys' | null>(null)
  const main = useRef<HTMLElement>(null)
  const { place, display, onDisplay } = props

  // A new place starts at its top; a value that changes within a place moves nothing.
  const placeKey = JSON.stringify(place)
  useEffect(() => {
    if (placeKey !== '') main.current?.scrollTo(0, 0)
  }, [placeKey])

  useShortcuts({
    onHelp: () => setOpen('keys'),
    onAlerts: () => setOpen('alerts'),
    onNextPalette: () => onDisplay({ palette: nextPalette(display.palette) }),
  })

  return (
    <div className="frame-box">
      <div className={`frame ${status === 'lost' ? 'lost' : ''}`}>
        <button type="button" className="skip" onClick={() => main.current?.focus()}>
          {say('frame.skip')}
        </button>
        <Bands state={props.state} />
        <TopBar
          state={props.state}
          display={display}
          onDisplay={onDisplay}
          menuOpen={menuOpen}
          onMenu={() => setMenuOpen(!menuOpen)}
          onAlerts={() => setOpen('alerts')}
        />
        <Navigation place={place} state={props.state} open={menuOpen} onChosen={() => setMenuOpen(false)} />
        <main ref={main} id="content" className="content" tabIndex={-1} data-scroller>
          <AlarmStrip alerts={alerts.value ?? []} />
          {props.children}
        </main>
        {props.aside}
      </div>
      <div className="dimming" aria-hidden="true" />
      {open === 'alerts' && <AlertList onClose={() => setOpen(null)} />}
      {open === 'keys' && <ShortcutList onClose={() => setOpen(null)} />}
    </div>
  )
}
