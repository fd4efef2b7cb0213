import type { SyncView } from '../../../shared/contract/sync.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { useNames } from '../../parts/names.ts'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useWords } from '../../words.tsx'
import { Order } from './order.tsx'

/** What goes on now, what is next, and the buttons for both. */
export function NowCard(props: { readonly sync: SyncView }) {
  const { sync } = props
  const { say } = useWords()
  const nameOf = useNames()
  const start = useCall('sync.start')
  const check = useCall('sync.check')
  const stop = useCall('sync.stop')
  const pause = useCall('sync.pause')
  const resume = useCall('sync.resume')
  const offline = useCall('sync.setOffline')
  const busy = sync.phase !== 'idle'
  const { missing, total } = sync.files
  const calls = [start, check, stop, pause, resume, offline]
  const error = calls.find((call) => call.error !== null)?.error ?? (busy ? null : sync.lastError)
  const noServer = sync.url === null
  const cannot = sync.offlineChosen || noServer
  const size = { n: missing, bytes: sync.toFetch }
  const news = noServer
    ? say('sync.leadNoServer')
    : missing === 0
      ? say(total === 0 ? 'sync.queueEmpty' : 'sync.nothing')
      : sync.paused
        ? say('sync.pausedTitle', size)
        : say('sync.missing', { ...size, time: sync.etaMs })
  const shut = sync.limits.window?.open === false && sync.toFetch > 0
  return (
    <Card title={busy ? say(`sync.phase-${phaseOf(sync)}`) : news} tone={busy ? 'accent' : 'plain'}>
      <div className="stack">
        {busy && <p>{news}</p>}
        {sync.paused && <p>{say('sync.pausedBy', { by: nameOf(sync.paused.by), since: sync.paused.since })}</p>}
        {sync.phase === 'artifacts' ? (
          <ArtifactProgress sync={sync} />
        ) : (
          busy && <Progress label={say('sync.progress')} share={null} />
        )}
        <Order sync={sync} />
        {error && error.code !== 'sync.offline' && <ErrorNote error={error} announce={error !== sync.lastError} />}
        <div className="row">
          {busy && (
            <>
              <Button icon="pause" busy={pause.busy} onPress={() => void pause.call(null)}>
                {say('sync.pause')}
              </Button>
              <Button icon="stop" busy={stop.busy} onPress={() => void stop.call(null)}>
                {say('sync.stop')}
              </Button>
            </>
          )}
          {!busy && sync.paused && (
            <Button
              kind="primary"
              icon="play"
              busy={resume.busy}
              disabled={cannot}
              onPress={() => void resume.call(null)}
            >
              {say('sync.resume')}
            </Button>
          )}
          {!busy && !sync.paused && (
            <Button kind="primary" icon="sync" busy={start.busy} disabled={cannot} onPress={() => void start.call({})}>
              {sync.toFetch > 0 && !shut ? say('sync.fetch', { bytes: sync.toFetch }) : say('sync.syncNow')}
            </Button>
          )}
          {!busy && !sync.paused && shut && (
            <Button busy={start.busy} disabled={cannot} onPress={() => void start.call({ hours: 1 })}>
              {say('sync.fetchHour')}
            </Button>
          )}
          {!busy && (
            <Button busy={check.busy} disabled={cannot} onPress={() => void check.call(null)}>
              {say('sync.check')}
            </Button>
          )}
          {!busy && !sync.paused && sync.goesOn && (
            <Button icon="pause" busy={pause.busy} onPress={() => void pause.call(null)}>
              {say('sync.pause')}
            </Button>
          )}
          {!busy && noServer && <Button href={paths.start}>{say('start.trustTitle')}</Button>}
        </div>
        <Switch
          label={say('sync.offlineMode')}
          help={say('sync.offlineModeWhy')}
          checked={sync.offlineChosen}
          onChange={(chosen) => void offline.call({ offline: chosen })}
        />
      </div>
    </Card>
  )
}

function phaseOf({ phase }: SyncView) {
  return phase === 'idle' ? 'metadata' : phase
}

function ArtifactProgress(props: { readonly sync: SyncView }) {
  const { say, formats } = useWords()
  const { files, rate, etaMs } = props.sync
  const { budget, used, endsAt } = props.sync.limits
  const [done, all] = formats.bytesOf(files.done, files.bytes)
  const [spent, allowed] = formats.bytesOf(used, budget ?? 0)
  return (
    <div className="sync-progress">
      <Progress label={say('sync.progress')} share={files.bytes > 0 ? files.done / files.bytes : null} thick />
      <p className="row">
        <span>{say('sync.onBoardOf', { done, total: all })}</span>
        {rate !== null && <span>{formats.rate(rate)}</span>}
        {etaMs !== null && <span>{say('run.left', { time: etaMs })}</span>}
        {endsAt !== null && <span>{say('sync.endsAt', { at: endsAt })}</span>}
      </p>
      {budget !== null && budget > 0 && (
        <>
          <Progress label={say('sync.usedLabel')} share={used / budget} />
          <p className="quiet small">{say('sync.used', { used: spent, budget: allowed })}</p>
        </>
      )}
    </div>
  )
}
