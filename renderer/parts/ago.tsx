import { useTicks } from '../api/clock.ts'
import { useWords } from '../words.tsx'

/** How long ago something was, ticking, with the exact time as a tooltip. `at` is wall clock, ms. */
export function Ago(props: { readonly at: number }) {
  const { say, formats } = useWords()
  const { date } = useTicks(1000)
  const age = date - props.at
  return (
    <time dateTime={new Date(props.at).toISOString()} title={formats.datetime(props.at)}>
      {age < 5000 ? say('common.justNow') : say('common.ago', { age })}
    </time>
  )
}

/** The age of a reading that was `ageMs` old when it arrived at `at` on the page's monotonic clock. */
export function ReadingAge(props: { readonly ageMs: number | null; readonly at: number }) {
  const { say } = useWords()
  const { mono } = useTicks(250)
  if (props.ageMs === null) return <span>–</span>
  return <span>{say('common.ago', { age: props.ageMs + Math.max(0, mono - props.at) })}</span>
}
