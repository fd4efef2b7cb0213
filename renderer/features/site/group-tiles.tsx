import type { BoardGroup, SiteBoard } from '../../../shared/contract/site.ts'
import { StateIcon, type Tone } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'
import { GROUPS } from './items.ts'

export const GROUP_TONES: Readonly<Record<BoardGroup, Tone>> = {
  'needs-you': 'person',
  'to-update': 'next',
  'up-to-date': 'good',
  'not-here': 'away',
}

/** The four groups with their counts; a press shows one alone, another press all again. */
export function GroupTiles(props: {
  readonly counts: SiteBoard['counts']
  readonly chosen: BoardGroup | null
  readonly onChoose: (group: BoardGroup | null) => void
}) {
  const { say, formats } = useWords()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; these are toggle buttons
    <div className="group-tiles" role="group" aria-label={say('site.groups')}>
      {GROUPS.map((group) => (
        <button
          key={group}
          type="button"
          className="group-tile"
          aria-pressed={props.chosen === group}
          disabled={props.counts[group] === 0 && props.chosen !== group}
          onClick={() => props.onChoose(props.chosen === group ? null : group)}
        >
          <StateIcon tone={GROUP_TONES[group]} />
          <span className="group-count">{formats.number(props.counts[group])}</span>
          <span className="group-name">{say(`site.${group}`)}</span>
        </button>
      ))}
    </div>
  )
}
