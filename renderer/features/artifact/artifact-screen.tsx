import { useAsk } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useWords } from '../../words.tsx'
import { DropFile } from './drop-file.tsx'
import { InspectionView } from './inspection-view.tsx'
import { useOffer } from './offer.ts'
import './artifact.css'

/** What is this file? Of a plan, or any that a person brings. No device is touched and nothing is kept. */
export function ArtifactScreen(props: { readonly target: string | null }) {
  return props.target === null ? <AnyFile /> : <OnBoard target={props.target} />
}

function AnyFile() {
  const { say } = useWords()
  const { offer, busy, error, take } = useOffer()
  return (
    <Page name={say('artifact.title')} title={say('artifact.title')} lead={say('artifact.lead')}>
      <DropFile busy={busy} onFile={(file) => void take(file)} />
      {error && <ErrorNote error={error} announce />}
      {offer && !offer.inspection && (
        <Progress
          label={say('artifact.reading', { name: offer.name })}
          share={offer.length === 0 || offer.sent === offer.length ? null : offer.sent / offer.length}
        />
      )}
      {offer?.inspection && <InspectionView inspection={offer.inspection} />}
    </Page>
  )
}

function OnBoard(props: { readonly target: string }) {
  const { say } = useWords()
  const found = useAsk('artifacts.inspect', { target: props.target })
  const name = props.target.replace(/^artifacts\//, '')
  return (
    <Page
      name={name}
      title={<span className="artifact-value">{name}</span>}
      lead={say('artifact.leadOnBoard')}
      actions={<Button href={paths.artifact()}>{say('artifact.other')}</Button>}
    >
      <Loaded of={found} lines={8}>
        {(inspection) => <InspectionView inspection={inspection} />}
      </Loaded>
    </Page>
  )
}
