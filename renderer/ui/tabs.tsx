import './tabs.css'

export interface Tab {
  readonly id: string
  readonly label: string
  readonly href: string
}

/** Places within a place: links, so that the way back and a reload work. */
export function Tabs(props: { readonly label: string; readonly tabs: readonly Tab[]; readonly current: string }) {
  return (
    <nav className="tabs" aria-label={props.label}>
      {props.tabs.map((tab) => (
        <a key={tab.id} href={tab.href} aria-current={tab.id === props.current ? 'page' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  )
}
