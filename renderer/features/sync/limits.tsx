import { useState } from 'react'
import type { Settings } from '../../../shared/contract/settings.ts'
import type { SyncView } from '../../../shared/contract/sync.ts'
import type { DayWindow } from '../../../shared/day-window.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Card } from '../../ui/card.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TimeField } from '../../ui/time-field.tsx'
import { useWords } from '../../words.tsx'

/** Where the night begins and ends for whoever has not said otherwise. */
const NIGHT: DayWindow = { from: '01:00', to: '05:00' }
const BUDGETS_MB = [null, 5, 20, 100] as const
const METERED_MB = [0, 1, 5, 20] as const

/** What a sync may cost on a link that is thin, paid by the megabyte, or wanted by others by day. */
export function LimitsCard(props: { readonly sync: SyncView }) {
  const { say } = useWords()
  const settings = useWatch('settings.get', null).value
  const { call, error } = useCall('settings.set')
  const [wish, setWish] = useState<Partial<Settings>>({})
  if (!settings) return null
  const chosen = { ...settings, ...wish }
  const change = (next: Partial<Settings>) => {
    setWish({ ...wish, ...next })
    void call(next)
  }
  return (
    <Card title={say('sync.limits')}>
      <div className="stack">
        <Megabytes
          label={say('sync.budget')}
          options={BUDGETS_MB}
          bytes={chosen.syncBudgetBytes}
          onChange={(bytes) => change({ syncBudgetBytes: bytes })}
        />
        <p className="quiet small">{say('sync.budgetHelp')}</p>
        <Hours
          view={props.sync.limits.window}
          window={chosen.syncWindow}
          onChange={(syncWindow) => change({ syncWindow })}
        />
        <Link sync={props.sync} />
        {props.sync.limits.link.metered && (
          <Megabytes
            label={say('sync.meteredBytes')}
            options={METERED_MB}
            bytes={chosen.syncMeteredBytes}
            onChange={(bytes) => change({ syncMeteredBytes: bytes ?? 0 })}
          />
        )}
        {error && <ErrorNote error={error} announce />}
      </div>
    </Card>
  )
}

function Megabytes(props: {
  readonly label: string
  readonly options: readonly (number | null)[]
  readonly bytes: number | null
  readonly onChange: (bytes: number | null) => void
}) {
  const { say, formats } = useWords()
  const { options, bytes } = props
  const known = options.some((mb) => (mb === null ? null : mb * 1e6) === bytes)
  const all = known ? options : [...options, (bytes ?? 0) / 1e6]
  return (
    <Choice
      label={props.label}
      value={bytes === null ? '' : String(bytes / 1e6)}
      onChange={(value) => props.onChange(value === '' ? null : Number(value) * 1e6)}
      options={all.map((mb) => ({
        value: mb === null ? '' : String(mb),
        label: mb === null ? say('sync.budgetNone') : `${formats.number(mb)}\u00a0MB`,
      }))}
    />
  )
}

function Hours(props: {
  readonly view: SyncView['limits']['window']
  readonly window: DayWindow | null
  readonly onChange: (window: DayWindow | null) => void
}) {
  const { view, window, onChange } = props
  const { say } = useWords()
  return (
    <>
      <Switch
        label={say('sync.hours')}
        help={say('sync.hoursWhy')}
        checked={window !== null}
        onChange={(on) => onChange(on ? NIGHT : null)}
      />
      {window && (
        <div className="row sync-hours">
          <TimeField
            label={say('sync.hoursFrom')}
            value={window.from}
            onChange={(from) => onChange({ ...window, from })}
          />
          <TimeField label={say('sync.hoursTo')} value={window.to} onChange={(to) => onChange({ ...window, to })} />
        </div>
      )}
      {window && view && view.changesAt !== null && (
        <p className="small">{say(view.open ? 'sync.hoursOpen' : 'sync.hoursShut', { at: view.changesAt })}</p>
      )}
    </>
  )
}

function Link(props: { readonly sync: SyncView }) {
  const { network, said, system, metered, bytes } = props.sync.limits.link
  const { say } = useWords()
  const { call, error } = useCall('sync.setLink')
  const value = said === null ? 'system' : said ? 'metered' : 'free'
  const words = system === null ? 'Silent' : system ? 'Metered' : 'Free'
  return (
    <div className="stack sync-link">
      <Choice
        label={network === null ? say('sync.link') : say('sync.linkOf', { network })}
        value={value}
        onChange={(chosen) => void call({ metered: chosen === 'system' ? null : chosen === 'metered' })}
        options={(['system', 'metered', 'free'] as const).map((each) => ({
          value: each,
          label: say(`sync.link-${each}`),
        }))}
      />
      <p className="quiet small">{say(`sync.linkSystem${words}`)}</p>
      {metered && <p className="small">{say('sync.linkNow', { bytes })}</p>}
      {error && <ErrorNote error={error} announce />}
    </div>
  )
}
