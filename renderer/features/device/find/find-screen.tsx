import { paths } from '../../../routes.ts'
import { Button } from '../../../ui/button.tsx'
import { Page } from '../../../ui/page.tsx'
import { useWords } from '../../../words.tsx'
import { AskCard } from './ask-card.tsx'
import { PlacesCard } from './places-card.tsx'
import { SearchCard } from './search-card.tsx'
import '../device.css'

/** Where devices may be that nothing announces: a network to search, an address to ask, ports and how they stand. */
export function FindScreen() {
  const { say } = useWords()
  return (
    <Page
      name={say('find.title')}
      title={say('find.title')}
      lead={say('find.lead')}
      actions={
        <Button icon="diagnosis" href={paths.doctor()}>
          {say('doctor.title')}
        </Button>
      }
      columns
    >
      <SearchCard />
      <div className="stack">
        <AskCard />
        <PlacesCard />
      </div>
    </Page>
  )
}
