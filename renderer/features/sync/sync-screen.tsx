import { useState } from 'react'
import type { SyncView } from '../../../shared/contract/sync.ts'
import { useTicks } from '../../api/clock.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Page } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useWords } from '../../words.tsx'
import { Lasts } from './lasts.tsx'
import { Packs } from './packs.tsx'
import { Queue } from './queue.tsx'
import { Trip } from './trip.tsx'
import './sync.css'

/** What is on board, what is missing and what that costs, and how long all of it lasts. */
export function SyncScreen() {
  const sync = useWatch('sync.state', null)
  return <LoadedPage of={sync}>{(view) => <Sync sync={view} />}</LoadedPage>
}

function Sync(props: { readonly sync: SyncView }) {
  const { sync } = props
  const { say } = useWords()
  const { date } = useTicks(10_000)
  const lead =
    sync.url === null
      ? ''
      : sync.lastSuccess === null
        ? say('sync.leadNever')
        : say('sync.lead', { age: date - sync.lastSuccess, url: sync.url })
  return (
    <Page name={say('sync.title')} title={say('sync.title')} lead={lead} columns>
      <div className="stack">
        <NowCard sync={sync} />
        <Queue sync={sync} />
        <Packs trusted={sync.url !== null} />
      </div>
      <div className="stack">
        <Trip />
        <Lasts />
      </div>
    </Page>
  )
}

function NowCard(props: { readonly sync: SyncView }) {
  const { sync } = props
  const { say } = useWords()
  const start = useCall('sync.start')
  const check = useCall('sync.check')
  const stop = useCall('sync.stop')
  const offline = useCall('sync.setOffline')
  const busy = sync.phase !== 'idle'
  const missing = sync.items.filter((item) => item.state !== 'held')
  const error = start.error ?? check.error ?? stop.error ?? offline.error ?? (busy ? null : sync.lastError)
  const noServer = sync.url === null
  const news = noServer
    ? say('sync.leadNoServer')
    : missing.length === 0
      ? say(sync.items.length === 0 ? 'sync.queueEmpty' : 'sync.nothing')
      : say('sync.missing', { n: missing.length, bytes: sync.toFetch, time: sync.etaMs })
  const budget = useWatch('settings.get', null).value?.syncBudgetBytes ?? null
  return (
    <Card title={sync.phase === 'idle' ? news : say(`sync.phase-${sync.phase}`)} tone={busy ? 'accent' : 'plain'}>
      <div className="stack">
        {busy && <p>{news}</p>}
        {sync.phase === 'artifacts' ? (
          <ArtifactProgress sync={sync} />
        ) : (
          busy && <Progress label={say('sync.progress')} share={null} />
        )}
        {error && error.code !== 'sync.offline' && <ErrorNote error={error} announce={error !== sync.lastError} />}
        <div className="row">
          {busy ? (
            <Button icon="stop" busy={stop.busy} onPress={() => void stop.call(null)}>
              {say('sync.stop')}
            </Button>
          ) : (
            <>
              <Button
                kind="primary"
                icon="sync"
                busy={start.busy}
                disabled={sync.offlineChosen || noServer}
                onPress={() => void start.call(budget === null ? {} : { maxBytes: budget })}
              >
                {sync.toFetch > 0 ? say('sync.fetch', { bytes: sync.toFetch }) : say('sync.syncNow')}
              </Button>
              <Button busy={check.busy} disabled={sync.offlineChosen || noServer} onPress={() => void check.call(null)}>
                {say('sync.check')}
              </Button>
              {noServer && <Button href={paths.start}>{say('start.trustTitle')}</Button>}
            </>
          )}
        </div>
        <Switch
          label={say('sync.offlineMode')}
          help={say('sync.offlineModeWhy')}
          checked={sync.offlineChosen}
          onChange={(chosen) => void offline.call({ offline: chosen })}
        />
        <Budget bytes={budget} />
      </div>
    </Card>
  )
}

function ArtifactProgress(props: { readonly sync: SyncView }) {
  const { say, formats } = useWords()
  const { items, rate, etaMs } = props.sync
  const total = items.reduce((sum, item) => sum + item.bytes, 0)
  const held = items.reduce((sum, item) => sum + item.done, 0)
  const [done, all] = formats.bytesOf(held, total)
  return (
    <div className="sync-progress">
      <Progress label={say('sync.progress')} share={total > 0 ? held / total : null} thick />
      <p className="row">
        <span>{say('sync.onBoardOf', { done, total: all })}</span>
        {rate !== null && <span>{formats.rate(rate)}</span>}
        {etaMs !== null && <span>{say('run.left', { time: etaMs })}</span>}
      </p>
    </div>
  )
}

const BUDGETS_MB = [null, 5, 20, 100, 500] as const

/** What a sync may cost on a link that is paid by the megabyte. */
function Budget(props: { readonly bytes: number | null }) {
  const { say, formats } = useWords()
  const { call, error } = useCall('settings.set')
  const [wish, setWish] = useState<number | null | undefined>(undefined)
  const bytes = wish === undefined ? props.bytes : wish
  const known = BUDGETS_MB.some((each) => (each === null ? null : each * 1e6) === bytes)
  const options = known ? [...BUDGETS_MB] : [...BUDGETS_MB, (bytes ?? 0) / 1e6]
  const choose = (value: string) => {
    const chosen = value === '' ? null : Number(value) * 1e6
    setWish(chosen)
    void call({ syncBudgetBytes: chosen })
  }
  return (
    <div className="stack budget">
      <Choice
        label={say('sync.budget')}
        value={bytes === null ? '' : String(bytes / 1e6)}
        onChange={choose}
        options={options.map((mb) => ({
          value: mb === null ? '' : String(mb),
          label: mb === null ? say('sync.budgetNone') : `${formats.number(mb)}\u00a0MB`,
        }))}
      />
      <p className="quiet small">{say('sync.budgetHelp')}</p>
      {error && <ErrorNote error={error} announce />}
    </div>
  )
}
