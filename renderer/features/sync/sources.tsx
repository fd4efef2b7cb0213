import { useState } from 'react'
import type { SourceFile, SourceFiles, SourceView } from '../../../shared/contract/source.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Progress } from '../../ui/progress.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'
import { NewSource } from './new-source.tsx'

/** Other publishers' repositories: where files come from, and what may never come from there. */
export function Sources() {
  const { say } = useWords()
  const sources = useWatch('source.list', null).value
  return (
    <Card title={say('source.title')}>
      <div className="stack">
        <p className="quiet small">{say('source.why')}</p>
        {sources?.length === 0 && <p className="quiet">{say('source.none')}</p>}
        {sources?.map((each) => (
          <Source key={each.id} source={each} />
        ))}
        <Disclosure label={say('source.add')}>
          <NewSource />
        </Disclosure>
      </div>
    </Card>
  )
}

function Source(props: { readonly source: SourceView }) {
  const { id, metadata, checkedAt, files, trouble, fetching } = props.source
  const { say } = useWords()
  const sync = useCall('source.sync')
  const remove = useCall('source.remove')
  const show = useCall('source.show')
  const [shown, setShown] = useState<SourceFiles>()
  const [filter, setFilter] = useState('')
  const look = async (part: string) => {
    setFilter(part)
    setShown(await show.call({ id, filter: part }))
  }
  const error = sync.error ?? remove.error ?? show.error
  return (
    <section className="stack source" aria-label={id}>
      <div>
        <p className="row">
          <StateIcon tone={trouble ? 'caution' : checkedAt === null ? 'idle' : 'good'} size="small" />
          <span className="strong">{id}</span>
          <span className="quiet small">
            {checkedAt === null
              ? say('source.never')
              : `${say('source.files', { n: files })}, ${say('source.checked', { at: checkedAt })}`}
          </span>
        </p>
        <p className="quiet small pack-place">{metadata}</p>
      </div>
      {error ? <ErrorNote error={error} announce /> : trouble && <ErrorNote error={trouble} tone="caution" />}
      {trouble && <p className="quiet small">{say('source.troubleNote')}</p>}
      {fetching && (
        <Progress label={fetching.target} share={fetching.total > 0 ? fetching.done / fetching.total : null} />
      )}
      <div className="row">
        <Button
          busy={sync.busy}
          onPress={() => {
            void sync.call({ id }).then(() => shown && look(filter))
          }}
        >
          {say('source.check')}
        </Button>
        {checkedAt !== null && !shown && (
          <Button busy={show.busy} onPress={() => void look('')}>
            {say('source.show')}
          </Button>
        )}
        <Button busy={remove.busy} onPress={() => void remove.call({ id })}>
          {say('source.remove')}
        </Button>
      </div>
      {shown && (
        <>
          <TextField label={say('source.find')} value={filter} onChange={(part) => void look(part)} />
          <ul className="verdicts">
            {shown.files.map((file) => (
              <File key={file.target} source={id} file={file} onChange={() => void look(filter)} />
            ))}
          </ul>
          {shown.more > 0 && <p className="quiet small">{say('source.more', { n: shown.more })}</p>}
        </>
      )}
    </section>
  )
}

function File(props: { readonly source: string; readonly file: SourceFile; readonly onChange: () => void }) {
  const { source, file, onChange } = props
  const { say, formats, explain } = useWords()
  const bring = useCall('source.fetch')
  const inspect = useCall('source.inspect')
  const [kind, setKind] = useState<string>()
  const { target, bytes, version, role, held, plans, refused } = file
  const ask = async () => {
    const found = await inspect.call({ id: source, target })
    if (found) setKind([found.kind, found.facts?.version].filter(Boolean).join(' '))
  }
  const error = bring.error ?? inspect.error ?? refused
  const use =
    plans.length === 0 ? say('source.noPlan') : say('source.plans', { plans: formats.list(plans.map(({ id }) => id)) })
  return (
    <li>
      <StateIcon tone={held ? 'good' : refused ? 'caution' : 'idle'} size="small" />
      <div className="stack source-file">
        <div>
          <p className="strong pack-place">{target}</p>
          <p className="quiet small">
            {say('source.of', { bytes, version, role })}
            {held && `, ${say('source.held')}`}
          </p>
          <p className="quiet small">{use}</p>
          {kind && <p className="small">{kind}</p>}
          {error && (
            <p className="small" role="status">
              {explain(error).what} <span className="quiet">{explain(error).next}</span>
            </p>
          )}
        </div>
        {!refused && (
          <div>
            {held ? (
              <Button busy={inspect.busy} onPress={() => void ask()}>
                {say('source.inspect')}
              </Button>
            ) : (
              <Button
                busy={bring.busy}
                onPress={() => {
                  void bring.call({ id: source, target }).then((came) => came && onChange())
                }}
              >
                {say('source.bring')}
              </Button>
            )}
          </div>
        )}
      </div>
    </li>
  )
}
