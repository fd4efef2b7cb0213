import { useDeferredValue, useMemo, useState } from 'react'
import { isFinal, type RunSummary } from '../../../shared/model/run.ts'
import { useWatch } from '../../api/host.tsx'
import { Ago } from '../../parts/ago.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { useNames } from '../../parts/names.ts'
import { toneOfRun } from '../../parts/phase.ts'
import { Versions } from '../../parts/versions.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { Page } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { useWords } from '../../words.tsx'
import { BatchLink } from './batch-link.tsx'
import './run.css'

type Item = { readonly kind: 'title'; readonly active: boolean } | { readonly kind: 'run'; readonly run: RunSummary }

/** Every run of this laptop: those that go on first, then the newest. */
export function RunList() {
  const runs = useWatch('runs.list', null)
  return <LoadedPage of={runs}>{(list) => <List runs={list} />}</LoadedPage>
}

function List(props: { readonly runs: readonly RunSummary[] }) {
  const { say } = useWords()
  const [filter, setFilter] = useState('')
  const wanted = useDeferredValue(filter)
  const items = useMemo(() => itemsOf(props.runs, wanted), [props.runs, wanted])
  const active = props.runs.filter((run) => !isFinal(run.phase)).length
  const shown = items.filter((item) => item.kind === 'run').length
  return (
    <Page
      name={say('run.listTitle')}
      title={say('run.listTitle')}
      lead={active > 0 ? say('run.listLead', { n: active }) : say('run.listIdle')}
    >
      <BatchLink />
      {props.runs.length === 0 ? (
        <Empty
          icon="runs"
          title={say('run.emptyTitle')}
          actions={
            <Button kind="primary" href={paths.site}>
              {say('frame.goSite')}
            </Button>
          }
        >
          {say('run.emptyWhy')}
        </Empty>
      ) : (
        <>
          <FilterField
            label={say('common.filter')}
            placeholder={say('run.filterHint')}
            clearLabel={say('common.clearFilter')}
            value={filter}
            onChange={setFilter}
            status={wanted === '' ? '' : say('common.countOf', { shown, all: props.runs.length })}
          />
          {shown === 0 && <Empty icon="search" title={say('common.noMatch', { text: wanted })} />}
          <VirtualList
            label={say('run.listTitle')}
            items={items}
            keyOf={(item) => (item.kind === 'run' ? item.run.id : String(item.active))}
            estimate={72}
            render={(item) =>
              item.kind === 'title' ? (
                <h2 className="board-group">{item.active ? say('run.listActive') : say('run.listPast')}</h2>
              ) : (
                <RunRow run={item.run} />
              )
            }
          />
        </>
      )}
    </Page>
  )
}

function RunRow(props: { readonly run: RunSummary }) {
  const { run } = props
  const { say, explain } = useWords()
  const nameOf = useNames()
  const { progress } = run
  const share = progress && progress.total > 1 ? progress.done / progress.total : null
  return (
    <article className="run-row">
      <StateIcon tone={toneOfRun(run)} />
      <div>
        <a href={paths.run(run.id)}>{run.deviceName}</a>
        <span className="quiet small">{run.typeTitle}</span>
      </div>
      <div>
        <span>{run.planTitle}</span>
        <Versions change={run.change} />
      </div>
      <div>
        <span className="strong">{run.needsPerson ? say('run.waitsForYou') : say(`run.phase-${run.phase}`)}</span>
        {share !== null && !isFinal(run.phase) && <Progress label={say('run.progress')} share={share} />}
        {run.reason && <span className="quiet small">{explain(run.reason).what}</span>}
      </div>
      <div className="run-when quiet small">
        <Ago at={run.endedAt ?? run.startedAt} />
        <span>{say('common.by', { name: nameOf(run.actor) })}</span>
      </div>
    </article>
  )
}

function itemsOf(runs: readonly RunSummary[], filter: string): Item[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const wanted = runs
    .filter((run) => {
      const text = `${run.deviceName} ${run.planTitle} ${run.actor} ${run.typeTitle} ${run.id}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => b.startedAt - a.startedAt)
  const items: Item[] = []
  for (const active of [true, false]) {
    const some = wanted.filter((run) => isFinal(run.phase) !== active)
    if (some.length > 0) items.push({ kind: 'title', active }, ...some.map((run) => ({ kind: 'run', run }) as const))
  }
  return items
}
