import type { HealthMark } from '../../shared/model/run.ts'
import { StateIcon, type Tone } from '../ui/state-icon.tsx'
import { useWords, type Words } from '../words.tsx'
import { readingText } from './reading.ts'
import './health-marks.css'

const TONES: Readonly<Record<HealthMark['verdict'], Tone>> = {
  same: 'idle',
  better: 'good',
  worse: 'warning',
  changed: 'idle',
  unknown: 'unknown',
}

/** Each signal before and after the update, and whether that is good. */
export function HealthMarks(props: { readonly marks: readonly HealthMark[] }) {
  const { say, formats } = useWords()
  if (props.marks.length === 0) return null
  return (
    <table className="health-marks">
      <caption>{say('run.health')}</caption>
      <thead>
        <tr>
          <th scope="col">{say('run.signal')}</th>
          <th scope="col">{say('run.before')}</th>
          <th scope="col">{say('run.after')}</th>
          <th scope="col">{say('run.verdict')}</th>
        </tr>
      </thead>
      <tbody>
        {props.marks.map((mark) => (
          <tr key={mark.signal}>
            <th scope="row">{mark.title}</th>
            <td>{readingText(mark.before, mark.unit, formats) ?? '–'}</td>
            <td>{readingText(mark.after, mark.unit, formats) ?? '–'}</td>
            <td>
              <span className="health-verdict">
                <StateIcon tone={TONES[mark.verdict]} size="small" />
                {verdictWords(mark, say)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A number that moved within its limits is as good as before, and not the same. */
function verdictWords({ verdict, before, after }: HealthMark, say: Words['say']): string {
  if (verdict === 'unknown') return say('run.verdict-unknown')
  if (verdict === 'same' && before !== after) return say('run.withinLimits')
  return say(`run.${verdict}`)
}
