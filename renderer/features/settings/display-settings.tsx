import type { Settings } from '../../../shared/contract/settings.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { LANGUAGE_NAMES, LANGUAGES } from '../../text/language.ts'
import { Card } from '../../ui/card.tsx'
import { Choice } from '../../ui/choice.tsx'
import { useWords } from '../../words.tsx'

const PALETTES: readonly Settings['palette'][] = ['bright', 'day', 'dusk', 'night']
const SIZES: readonly Settings['size'][] = ['regular', 'large', 'xl']
const MINUTES = [5, 15, 30, 60, 240, 0] as const

export function DisplaySettings() {
  const { say } = useWords()
  const settings = useWatch('settings.get', null)
  const { call, error } = useCall('settings.set')
  const set = (change: Partial<Settings>) => void call(change)
  return (
    <Loaded of={settings}>
      {(value) => (
        <Card title={say('settings.appearance')}>
          <div className="stack">
            <Choice
              label={say('settings.language')}
              value={value.language}
              onChange={(language) => set({ language })}
              options={LANGUAGES.map((each) => ({
                value: each,
                label: <span lang={each}>{LANGUAGE_NAMES[each]}</span>,
              }))}
            />
            <Choice
              label={say('frame.paletteTitle')}
              value={value.palette}
              onChange={(palette) => set({ palette })}
              options={PALETTES.map((each) => ({ value: each, label: say(`frame.${each}`) }))}
            />
            <div>
              <Choice
                label={say('frame.sizeTitle')}
                value={value.size}
                onChange={(size) => set({ size })}
                options={SIZES.map((each) => ({ value: each, label: say(`frame.${each}`) }))}
              />
              <p className="quiet small">{say('frame.sizeHint')}</p>
            </div>
            <Choice
              label={say('settings.signOut')}
              value={String(value.signOutAfterMinutes)}
              onChange={(minutes) => set({ signOutAfterMinutes: Number(minutes) })}
              options={minutesWith(value.signOutAfterMinutes).map((n) => ({
                value: String(n),
                label: n === 0 ? say('settings.signOutNever') : say('settings.signOutAfter', { n }),
              }))}
            />
            {error && <ErrorNote error={error} announce />}
          </div>
        </Card>
      )}
    </Loaded>
  )
}

/** The usual choices, and whatever else is set already. */
function minutesWith(current: number): readonly number[] {
  // Never, which is 0, stands at the end.
  const order = (minutes: number) => (minutes === 0 ? Number.POSITIVE_INFINITY : minutes)
  return [...new Set([...MINUTES, current])].toSorted((a, b) => order(a) - order(b))
}
