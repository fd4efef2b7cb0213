import { paths, SETTINGS_SECTIONS, type SettingsSection } from '../../routes.ts'
import { Page } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useWords } from '../../words.tsx'
import { About } from './about.tsx'
import { Connections } from './connections.tsx'
import { DisplaySettings } from './display-settings.tsx'
import { People } from './people.tsx'
import { Trust } from './trust.tsx'
import './settings.css'

/** How the console looks, who uses it, whom it believes, where it looks for devices. */
export function SettingsScreen(props: { readonly section: SettingsSection }) {
  const { say } = useWords()
  const { section } = props
  return (
    <Page name={say(`settings.${section}`)} title={say('settings.title')}>
      <Tabs
        label={say('settings.sections')}
        current={section}
        tabs={SETTINGS_SECTIONS.map((id) => ({ id, label: say(`settings.${id}`), href: paths.settings(id) }))}
      />
      {section === 'display' && <DisplaySettings />}
      {section === 'people' && <People />}
      {section === 'trust' && <Trust />}
      {section === 'connections' && <Connections />}
      {section === 'about' && <About />}
    </Page>
  )
}
