import type { DeviceView } from '../../../shared/model/device.ts'
import { useTicks } from '../../api/clock.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import type { WatchOutput } from '../../api/methods.ts'
import { ErrorNote } from '../../parts/error-note.tsx'
import { saveFile } from '../../parts/save-file.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

type Row = WatchOutput<'traces.list'>[number]

/** Writes down, for support, what goes over the link to this device; and what was written down. */
export function Recording(props: { readonly device: DeviceView }) {
  const { device } = props
  const { say } = useWords()
  const rows = useWatch('traces.list', null).value?.filter((row) => row.device === device.key)
  const start = useCall('traces.start')
  const running = rows?.find(({ state }) => state === 'recording')
  const kept = rows?.filter(({ state }) => state !== 'recording') ?? []
  const isHere = device.link !== null
  return (
    <Card title={say('device.recording')}>
      <div className="stack">
        <p className="quiet">{say('device.recordingWhy')}</p>
        {running ? (
          <Running row={running} />
        ) : (
          <div className="row">
            <Button
              icon="audit"
              busy={start.busy}
              disabled={!isHere}
              onPress={() => void start.call({ device: device.key })}
            >
              {say('device.startRecording')}
            </Button>
            {!isHere && <span className="quiet">{say('device.recordingAway')}</span>}
          </div>
        )}
        {start.error && <ErrorNote error={start.error} announce />}
        {rows?.length === 0 && <p className="quiet">{say('device.noRecordings')}</p>}
        {kept.length > 0 && (
          <ul className="verdicts">
            {kept.map((row) => (
              <Kept key={row.id} row={row} />
            ))}
          </ul>
        )}
      </div>
    </Card>
  )
}

function Running(props: { readonly row: Row }) {
  const { id, startedAt, events, bytes } = props.row
  const { say } = useWords()
  const { date } = useTicks(1000)
  const stop = useCall('traces.stop')
  return (
    <>
      <p className="device-state" role="status">
        <StateIcon tone="busy" size="small" />
        <span>{say('device.recordingSince', { age: Math.max(0, date - startedAt), events: events ?? 0, bytes })}</span>
      </p>
      <div className="row">
        <Button kind="primary" icon="stop" busy={stop.busy} onPress={() => void stop.call({ id })}>
          {say('device.stopRecording')}
        </Button>
      </div>
      {stop.error && <ErrorNote error={stop.error} announce />}
    </>
  )
}

function Kept(props: { readonly row: Row }) {
  const { id, startedAt, bytes, path, state } = props.row
  const { say } = useWords()
  const read = useCall('traces.read')
  const remove = useCall('traces.remove')
  const save = async () => {
    const parts: Uint8Array<ArrayBuffer>[] = []
    for (let offset = 0; ; ) {
      const part = await read.call({ id, offset })
      if (!part) return
      parts.push(Uint8Array.from(atob(part.bytes), (letter) => letter.charCodeAt(0)))
      if (part.next >= part.length || part.next <= offset) break
      offset = part.next
    }
    saveFile(`${id}.jsonl`, new Blob(parts, { type: 'application/jsonl' }))
  }
  const error = read.error ?? remove.error
  return (
    <li>
      <StateIcon tone={state === 'stopped' ? 'good' : 'warning'} />
      <div className="stack">
        <div>
          <p>
            {say('device.recordedAt', { at: startedAt, bytes })}{' '}
            <span className="quiet">{say(`device.trace-${state}`)}</span>
          </p>
          <p className="mono small quiet">{path}</p>
        </div>
        <div className="row">
          <Button icon="download" busy={read.busy} onPress={() => void save()}>
            {say('device.saveRecording')}
          </Button>
          <Button kind="flat" icon="delete" busy={remove.busy} onPress={() => void remove.call({ id })}>
            {say('device.removeRecording')}
          </Button>
        </div>
        {error && <ErrorNote error={error} announce />}
      </div>
    </li>
  )
}
