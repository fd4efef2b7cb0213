import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import './versions.css'

interface Change {
  readonly from: string | null
  readonly to: string
}

/** `2.4.1 -> 2.5.0`, each component on its own line when there are several. */
export function Versions(props: { readonly change: Readonly<Record<string, Change>> }) {
  const { say } = useWords()
  const changes = Object.entries(props.change)
  return (
    <span className="versions">
      {changes.map(([component, { from, to }]) => {
        const before = from ?? say('common.unknown')
        return (
          <span key={component} className="version-line">
            {changes.length > 1 && <span className="quiet">{component} </span>}
            {from === to ? (
              <span>{before}</span>
            ) : (
              <>
                <span className="version-picture" aria-hidden="true">
                  <span className={from === null ? 'quiet' : ''}>{before}</span>
                  <Icon name="arrow-right" size="small" />
                  <span className="strong">{to}</span>
                </span>
                <span className="visually-hidden">{say('common.versionChange', { from: before, to })}</span>
              </>
            )}
          </span>
        )
      })}
    </span>
  )
}

/** What runs and what is wanted, as one change by component. */
export function changeOf(
  running: Readonly<Record<string, string | null>>,
  wanted: Readonly<Record<string, string>>,
): Record<string, Change> {
  const components = new Set([...Object.keys(running), ...Object.keys(wanted)])
  const change: Record<string, Change> = {}
  for (const component of components) {
    const from = running[component] ?? null
    change[component] = { from, to: wanted[component] ?? from ?? '' }
  }
  return change
}
