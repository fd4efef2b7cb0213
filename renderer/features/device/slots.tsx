import type { Slot } from '../../../shared/model/device.ts'
import { Card } from '../../ui/card.tsx'
import { Tag, type TagTone } from '../../ui/tag.tsx'
import { useWords } from '../../words.tsx'

/** The places on the device that can hold an image, as the device itself names them. */
export function Slots(props: { readonly slots: readonly Slot[] }) {
  const { say } = useWords()
  if (props.slots.length === 0) {
    return (
      <Card title={say('device.slots')}>
        <p className="quiet">{say('device.noSlots')}</p>
      </Card>
    )
  }
  return (
    <div className="slots">
      {props.slots.map((slot) => (
        <Card
          key={`${slot.component} ${slot.name}`}
          title={say('device.slot', { component: slot.component, name: slot.name })}
          aside={<Flags slot={slot} />}
        >
          <p className={`slot-version ${slot.active ? 'active' : ''}`}>
            {slot.version ?? <span className="quiet">{say('device.emptySlot')}</span>}
          </p>
          {slot.hash !== null && (
            <p className="quiet small">
              {say('device.hash')} <span className="mono">{slot.hash.slice(0, 16)}</span>
            </p>
          )}
        </Card>
      ))}
    </div>
  )
}

function Flags(props: { readonly slot: Slot }) {
  const { say } = useWords()
  const { slot } = props
  const flags: (readonly [string, TagTone])[] = []
  if (slot.active) flags.push([say('device.active'), 'good'])
  if (slot.pending) flags.push([say('device.pending'), 'caution'])
  if (slot.confirmed) flags.push([say('device.confirmed'), 'plain'])
  else if (slot.active) flags.push([say('device.trial'), 'caution'])
  if (slot.permanent) flags.push([say('device.permanent'), 'plain'])
  return flags.map(([label, tone]) => (
    <Tag key={label} tone={tone}>
      {label}
    </Tag>
  ))
}
