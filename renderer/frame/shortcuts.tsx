import { useEffect, useRef } from 'react'
import { paths } from '../routes.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words.tsx'
import './shortcuts.css'

/** After `g`, the second key must come within this time, ms. */
const SECOND_KEY_MS = 1500

const PLACES = [
  ['s', 'frame.site', paths.site],
  ['p', 'frame.plans', paths.plans],
  ['r', 'frame.runs', paths.runs],
  ['y', 'frame.sync', paths.sync],
  ['u', 'frame.audit', paths.audit],
  ['e', 'frame.settings', paths.settings()],
] as const

export interface ShortcutActions {
  readonly onHelp: () => void
  readonly onAlerts: () => void
  readonly onNextPalette: () => void
}

/** Keys that go places and open lists. None of them acts on a device. */
export function useShortcuts(actions: ShortcutActions): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    let going: number | undefined
    const onKey = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement | null)?.closest('input, textarea, select, [contenteditable]')
      const held = event.ctrlKey || event.metaKey || event.altKey
      if (typing || held || document.querySelector('dialog[open]')) return
      const second = going !== undefined && performance.now() - going < SECOND_KEY_MS
      going = undefined
      if (second) {
        const place = PLACES.find(([key]) => key === event.key)
        if (place) {
          event.preventDefault()
          window.location.hash = place[2]
        }
        return
      }
      if (event.key === 'g') going = performance.now()
      else if (event.key === '?') latest.current.onHelp()
      else if (event.key === 'a') latest.current.onAlerts()
      else if (event.key === 'p') latest.current.onNextPalette()
      else if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('[data-filter] input')
        if (filter) {
          event.preventDefault()
          filter.focus()
        }
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

export function ShortcutList(props: { readonly onClose: () => void }) {
  const { say } = useWords()
  const rows: readonly (readonly [readonly string[], string])[] = [
    ...PLACES.map(([key, place]) => [['g', key], say('frame.keyGo', { place: say(place) })] as const),
    [['a'], say('frame.keyAlerts')],
    [['p'], say('frame.keyPalette')],
    [['/'], say('frame.keySearch')],
    [['?'], say('frame.keyHelp')],
  ]
  return (
    <Dialog title={say('frame.keyboard')} closeLabel={say('frame.close')} onClose={props.onClose}>
      <dl className="shortcuts">
        {rows.map(([keys, what]) => (
          <div key={keys.join('')}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet small">{say('frame.keyboardHint')}</p>
    </Dialog>
  )
}
