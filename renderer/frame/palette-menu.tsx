import { useId, useRef } from 'react'
import type { Settings } from '../../shared/contract/settings.ts'
import { Choice } from '../ui/choice.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import type { Display } from './display.ts'
import './palette-menu.css'

const PALETTES: readonly { readonly value: Settings['palette']; readonly icon: IconName }[] = [
  { value: 'bright', icon: 'palette-bright' },
  { value: 'day', icon: 'palette-day' },
  { value: 'dusk', icon: 'palette-dusk' },
  { value: 'night', icon: 'palette-night' },
]
const SIZES: readonly Settings['size'][] = ['regular', 'large', 'xl']
/** A press this long switches glove size, ms: findable by a thumb that cannot read. */
const LONG_PRESS_MS = 700

/** Light and size, two touches away from everywhere. */
export function PaletteMenu(props: {
  readonly display: Display
  readonly onDisplay: (change: Partial<Display>) => void
}) {
  const { say } = useWords()
  const { display, onDisplay } = props
  const id = useId()
  const press = useRef<ReturnType<typeof setTimeout>>(undefined)
  const wasLong = useRef(false)
  const begin = () => {
    wasLong.current = false
    press.current = setTimeout(() => {
      wasLong.current = true
      onDisplay({ size: display.size === 'regular' ? 'large' : 'regular' })
    }, LONG_PRESS_MS)
  }
  const end = () => clearTimeout(press.current)
  return (
    <>
      <button
        type="button"
        className="bar-button palette-button"
        title={say('frame.palette')}
        popoverTarget={id}
        onPointerDown={begin}
        onPointerUp={end}
        onPointerLeave={end}
        onClick={(event) => {
          if (wasLong.current) event.preventDefault()
        }}
      >
        <Icon name="palette" />
        <span className="visually-hidden">{say('frame.palette')}</span>
      </button>
      <div id={id} className="palette-menu" popover="auto">
        <Choice
          label={say('frame.paletteTitle')}
          value={display.palette}
          onChange={(palette) => onDisplay({ palette })}
          options={PALETTES.map(({ value, icon }) => ({
            value,
            label: (
              <>
                <Icon name={icon} />
                {say(`frame.${value}`)}
              </>
            ),
          }))}
        />
        <label className="brightness">
          <span className="strong small">{say('frame.brightness')}</span>
          <input
            type="range"
            min={20}
            max={100}
            step={5}
            value={Math.round(display.brightness * 100)}
            onChange={(event) => onDisplay({ brightness: Number(event.target.value) / 100 })}
          />
        </label>
        <Choice
          label={say('frame.sizeTitle')}
          value={display.size}
          onChange={(size) => onDisplay({ size })}
          options={SIZES.map((value) => ({ value, label: say(`frame.${value}`) }))}
        />
        <p className="quiet small">{say('frame.sizeHint')}</p>
      </div>
    </>
  )
}
