import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { useWords } from '../../words.tsx'

/** The places that the signed lists know. */
export function SiteChooser() {
  const { say } = useWords()
  const sites = useWatch('site.list', null)
  const { call, busy, error } = useCall('site.choose')
  return (
    <Loaded of={sites}>
      {(list) =>
        list.length === 0 ? (
          <Empty
            icon="site"
            title={say('site.noSitesTitle')}
            actions={
              <Button kind="primary" href={paths.start}>
                {say('start.trustTitle')}
              </Button>
            }
          >
            {say('site.noSitesWhy')}
          </Empty>
        ) : (
          <>
            {error && <ErrorNote error={error} announce />}
            <div className="site-choices">
              {list.map((each) => (
                <Card key={each.id} title={each.title} aside={say('site.devices', { n: each.devices })}>
                  <Button kind="primary" busy={busy} onPress={() => void call({ site: each.id })}>
                    {say('site.choose')}
                  </Button>
                </Card>
              ))}
            </div>
          </>
        )
      }
    </Loaded>
  )
}
