import { useState } from 'react'
import type { PackState } from '../../../shared/contract/packs.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'
import { type PackOutcome, PackResult } from './pack-result.tsx'

/** What travels by stick: made where there is a link, taken in where there is none. */
export function Packs(props: { readonly trusted: boolean }) {
  const { say } = useWords()
  const state = useWatch('packs.state', null).value
  const make = useCall('packs.make')
  const take = useCall('packs.take')
  const hand = useCall('packs.handOver')
  const stop = useCall('packs.stop')
  const waiting = useWatch('audit.state', null).value?.toUpload ?? 0
  const [folder, setFolder] = useState('')
  const [small, setSmall] = useState(false)
  const [outcome, setOutcome] = useState<PackOutcome>()
  const error = make.error ?? take.error ?? hand.error ?? stop.error
  const place = folder.trim()
  const begin = async (act: () => Promise<PackOutcome | undefined>) => {
    setOutcome(undefined)
    make.forget()
    take.forget()
    hand.forget()
    setOutcome(await act())
  }
  const making = () =>
    begin(async () => {
      const made = await make.call({ folder: place, ...(small ? { small } : {}) })
      return made && { made }
    })
  const taking = () =>
    begin(async () => {
      const taken = await take.call({ folder: place })
      return taken && { taken }
    })
  const handing = () =>
    begin(async () => {
      const handed = await hand.call({ folder: place })
      return handed && { handed }
    })
  const busy = state !== undefined && state.phase !== 'idle'
  return (
    <Card title={say('packs.title')}>
      <div className="stack">
        <p className="quiet small">{say('packs.why')}</p>
        <TextField
          label={say('packs.folder')}
          help={say('packs.folderHelp')}
          value={folder}
          onChange={setFolder}
          disabled={busy}
        />
        {!busy && (
          <Switch label={say('packs.small')} help={say('packs.smallHelp')} checked={small} onChange={setSmall} />
        )}
        {error && <ErrorNote error={error} announce />}
        {busy ? (
          <Going state={state} onStop={() => void stop.call(null)} />
        ) : (
          <div className="row">
            <Button busy={take.busy} disabled={place === '' || !props.trusted} onPress={() => void taking()}>
              {say('packs.take')}
            </Button>
            <Button busy={make.busy} disabled={place === '' || !props.trusted} onPress={() => void making()}>
              {say('packs.make')}
            </Button>
            <Button busy={hand.busy} disabled={place === '' || !props.trusted} onPress={() => void handing()}>
              {say('packs.handOver')}
            </Button>
          </div>
        )}
        {waiting > 0 && !busy && !outcome && <p className="quiet small">{say('packs.waits', { n: waiting })}</p>}
        {outcome && <PackResult of={outcome} />}
      </div>
    </Card>
  )
}

function Going(props: { readonly state: PackState; readonly onStop: () => void }) {
  const { say, formats } = useWords()
  const { phase, done, total } = props.state
  const [here, all] = formats.bytesOf(done, total)
  return (
    <div className="sync-progress">
      <Progress label={say(`packs.phase-${phase}`)} share={total > 0 ? done / total : null} thick />
      <p className="row">
        <span>{say(`packs.phase-${phase}`)}</span>
        {total > 0 && <span className="quiet">{say('sync.ofBytes', { done: here, total: all })}</span>}
      </p>
      <div>
        <Button icon="stop" onPress={props.onStop}>
          {say('sync.stop')}
        </Button>
      </div>
    </div>
  )
}
