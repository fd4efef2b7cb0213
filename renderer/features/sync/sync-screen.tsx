import type { SyncView } from '../../../shared/contract/sync.ts'
import { useTicks } from '../../api/clock.ts'
import { useWatch } from '../../api/host.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { useWords } from '../../words.tsx'
import { Lasts } from './lasts.tsx'
import { LimitsCard } from './limits.tsx'
import { NowCard } from './now-card.tsx'
import { Packs } from './packs.tsx'
import { Queue } from './queue.tsx'
import { Sources } from './sources.tsx'
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
        <Sources />
      </div>
      <div className="stack">
        <LimitsCard sync={sync} />
        <Trip />
        <Lasts />
      </div>
    </Page>
  )
}
