import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { ErrorNote } from '../../parts/error-note.tsx'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Tag } from '../../ui/tag.tsx'
import { useWords, type Words } from '../../words.tsx'

type File = PlanDetail['artifacts'][number]

/** What would be written: where it comes from, who signed it inside, whether it is on board. */
export function PlanFiles(props: { readonly detail: PlanDetail }) {
  const words = useWords()
  const { say, formats } = words
  return (
    <Card title={say('plans.files')}>
      <div className="stack">
        {props.detail.artifacts.map((file) => (
          <div key={file.target} className="plan-file">
            <div className="plan-title">
              <span className="strong">{file.target.replace('artifacts/', '')}</span>
              <Tag tone={file.held ? 'good' : 'caution'}>{say(file.held ? 'plans.held' : 'plans.notHeld')}</Tag>
            </div>
            {file.trouble && <ErrorNote error={file.trouble} />}
            {file.held && <a href={paths.artifact(file.target)}>{say('artifact.inspect')}</a>}
            <Facts
              facts={[
                file.facts && { name: say('plans.kind'), value: say(`artifact.kind-${file.facts.kind}`) },
                { name: say('plans.size'), value: formats.bytes(file.bytes) },
                { name: say('plans.inner'), value: signature(file, words) },
                file.facts && file.facts.hardware.length > 0
                  ? { name: say('plans.hardware'), value: formats.list(file.facts.hardware) }
                  : null,
                ...(file.facts?.facts ?? []).map(({ name, value }) => ({ name: say(`artifact.fact-${name}`), value })),
                { name: say('plans.sha'), value: <span className="mono small">{file.sha256}</span> },
              ]}
            />
          </div>
        ))}
      </div>
    </Card>
  )
}

function signature(file: File, { say }: Words): string {
  if (!file.facts) return say('common.unknown')
  return file.facts.signature === 'good'
    ? say('plans.signature-good', { signer: file.facts.signer })
    : say(`plans.signature-${file.facts.signature}`)
}
