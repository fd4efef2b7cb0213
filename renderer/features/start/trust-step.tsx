import { useState } from 'react'
import { useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Fingerprint } from '../../parts/fingerprint.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'
import { StepCard, type StepState } from './step-card.tsx'
import { type FoundRoot, useTrustSource } from './trust-source.ts'

/** The one moment at which a person, and nobody else, decides whom this console believes. */
export function TrustStep(props: { readonly state: StepState }) {
  const { say } = useWords()
  const trust = useWatch('trust.state', null).value
  const [url, setUrl] = useState('')
  const [found, setFound] = useState<FoundRoot>()
  const [differs, setDiffers] = useState(false)
  const source = useTrustSource()
  const look = async () => {
    setDiffers(false)
    if (url.trim() !== '') setFound(await source.look(url.trim()))
  }
  const again = () => {
    setFound(undefined)
    setDiffers(false)
    source.forget()
  }
  if (props.state === 'done') {
    return (
      <StepCard state="done" number={1} title={say('start.trustTitle')}>
        <p className="quiet">{say('start.trustDone', { url: trust?.url ?? say('common.unknown') })}</p>
      </StepCard>
    )
  }
  return (
    <StepCard state={props.state} number={1} title={say('start.trustTitle')}>
      <div className="stack">
        <p>{say('start.trustWhy')}</p>
        {!found && (
          <>
            <TextField
              label={say('start.address')}
              help={say('start.addressHelp')}
              value={url}
              onChange={setUrl}
              onEnter={() => void look()}
              maxLength={500}
            />
            {source.lookError && <ErrorNote error={source.lookError} announce />}
            <div>
              <Button kind="primary" busy={source.looking} disabled={url.trim() === ''} onPress={() => void look()}>
                {say('start.look')}
              </Button>
            </div>
          </>
        )}
        {found && (
          <>
            <div>
              <p className="strong">{say('start.fingerprint')}</p>
              <p className="quiet small">{found.url}</p>
              {found.folder !== null && (
                <p className="quiet small">{say('start.fromPack', { folder: found.folder })}</p>
              )}
            </div>
            <Fingerprint hex={found.fingerprint} label={say('start.fingerprint')} />
            <p>{say('start.compare')}</p>
            <p className="quiet small">
              {say('start.rootFacts', {
                version: found.version,
                until: found.expires,
                threshold: found.rootThreshold,
                keys: found.rootKeys,
              })}
            </p>
            {source.adoptError && <ErrorNote error={source.adoptError} announce />}
            {differs ? (
              <Notice
                tone="alarm"
                title={say('start.differsTitle')}
                announce
                actions={<Button onPress={again}>{say('start.otherAddress')}</Button>}
              >
                {say('start.differsWhy')}
              </Notice>
            ) : (
              <div className="row">
                <Button kind="primary" busy={source.adopting} onPress={() => void source.adopt(found)}>
                  {say('start.matches')}
                </Button>
                <Button onPress={() => setDiffers(true)}>{say('start.differs')}</Button>
              </div>
            )}
          </>
        )}
      </div>
    </StepCard>
  )
}
