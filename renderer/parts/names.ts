import { useWatch } from '../api/host.tsx'
import { useWords } from '../words.tsx'

/** What to call whoever did something: their name where this laptop or the policy knows it, else the id as it is. */
export function useNames(): (actor: string) => string {
  const { say } = useWords()
  const people = useWatch('people.list', null).value
  const trust = useWatch('trust.state', null).value
  return (actor) => {
    if (actor === 'console') return say('run.console')
    const here = people?.find((each) => each.id === actor)
    return here?.name ?? trust?.operators.find((each) => each.id === actor)?.name ?? actor
  }
}
