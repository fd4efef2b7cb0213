import type { Inspection, TypeVerdict } from '../../../shared/contract/artifacts.ts'
import { ErrorNote } from '../../parts/error-note.tsx'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords, type Words } from '../../words.tsx'

/** What a file is: first whether anything is wrong with it, then all that it says of itself. */
export function InspectionView(props: { readonly inspection: Inspection }) {
  const words = useWords()
  const { say, formats } = words
  const { inspection } = props
  const { facts } = inspection
  return (
    <section className="page-columns" aria-label={say('artifact.result', { name: inspection.name })}>
      <div className="span" role="status">
        <Verdict inspection={inspection} />
      </div>
      <Card title={say('artifact.what')}>
        <Facts
          facts={[
            { name: say('artifact.name'), value: <span className="artifact-value">{inspection.name}</span> },
            { name: say('plans.kind'), value: say(`artifact.kind-${inspection.kind}`) },
            { name: say('plans.size'), value: formats.bytes(inspection.bytes) },
            facts && { name: say('artifact.version'), value: facts.version ?? say('artifact.notSaid') },
            facts && {
              name: say('plans.hardware'),
              value: facts.hardware.length > 0 ? formats.list(facts.hardware) : say('artifact.notSaid'),
            },
            facts && { name: say('plans.inner'), value: innerSignature(facts.signature, facts.signer, words) },
            ...(facts?.facts ?? []).map(({ name, value }) => ({
              name: say(`artifact.fact-${name}`),
              value: <span className="artifact-value">{value}</span>,
            })),
            { name: say('plans.sha'), value: <span className="mono small">{inspection.sha256}</span> },
          ]}
        />
      </Card>
      {facts && (
        <div className="stack">
          <Types types={inspection.types} />
          <Published inspection={inspection} />
        </div>
      )}
    </section>
  )
}

function Verdict(props: { readonly inspection: Inspection }) {
  const { say, formats } = useWords()
  const { trouble, facts, published, types, kind } = props.inspection
  if (trouble) return <ErrorNote error={trouble} tone="alarm" />
  if (facts?.trailer) {
    return (
      <Notice tone="warning" title={say(`artifact.trailer-${facts.trailer}`)}>
        {say('artifact.trailerWhy')}
      </Notice>
    )
  }
  const refused = types.find((type) => type.refused)
  if (refused?.refused && types.every((type) => type.refused)) return <ErrorNote error={refused.refused} tone="alarm" />
  const [first] = published
  if (first) {
    const { component, version, deviceTypes } = first
    return (
      <Notice tone="good" title={say('artifact.published', { component, version, types: formats.list(deviceTypes) })}>
        {say('artifact.publishedWhy')}
      </Notice>
    )
  }
  return (
    <Notice tone="caution" title={say('artifact.unknown', { kind: say(`artifact.kind-${kind}`) })}>
      {say('artifact.unknownWhy')}
    </Notice>
  )
}

/** For each type of device that takes such files: would its keys vouch for this one? */
function Types(props: { readonly types: readonly TypeVerdict[] }) {
  const words = useWords()
  const { say, explain } = words
  return (
    <Card title={say('artifact.types')}>
      {props.types.length === 0 ? (
        <p className="quiet">{say('artifact.typesNone')}</p>
      ) : (
        <ul className="verdicts">
          {props.types.map(({ type, title, signature, signer, refused }) => (
            <li key={type}>
              <StateIcon tone={refused ? 'alarm' : signature === 'good' ? 'good' : 'idle'} />
              <div>
                <p className="strong">{title}</p>
                <p className="quiet small">
                  {say('artifact.signature', {
                    verdict: say(signature === 'good' ? 'plans.signature-good' : `plans.signature-${signature}`, {
                      signer,
                    }),
                  })}
                </p>
                {refused && <p className="small">{explain(refused).what}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Published(props: { readonly inspection: Inspection }) {
  const { say } = useWords()
  const { published, plans } = props.inspection
  return (
    <Card title={say('artifact.plans')}>
      {plans.length === 0 ? (
        <p className="quiet">{say('artifact.plansNone')}</p>
      ) : (
        <ul className="artifact-plans">
          {plans.map(({ id, title }) => (
            <li key={id}>
              <a href={paths.plan(id)}>{title}</a>
            </li>
          ))}
        </ul>
      )}
      {published.map(({ target }) => (
        <p key={target} className="mono small artifact-value">
          {target}
        </p>
      ))}
    </Card>
  )
}

function innerSignature(signature: TypeVerdict['signature'], signer: string | null, { say }: Words): string {
  if (signature === 'good') return say('plans.signature-good', { signer })
  return say(signature === 'not-checked' ? 'artifact.signatureThere' : `plans.signature-${signature}`)
}
