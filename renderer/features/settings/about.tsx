import type { AppInfo } from '../../../shared/contract/app.ts'
import { useAsk } from '../../api/host.tsx'
import { Fingerprint } from '../../parts/fingerprint.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { useWords } from '../../words.tsx'

/** What runs here, where it keeps its things, and how well they are kept. */
export function About() {
  const asked = useAsk('app.info', null)
  return <Loaded of={asked}>{(info) => <Info info={info} />}</Loaded>
}

function Info(props: { readonly info: AppInfo }) {
  const { say } = useWords()
  const { info } = props
  return (
    <Card title={say('settings.product', { version: info.version })}>
      <div className="stack">
        <Facts
          facts={[
            { name: say('settings.consoleName'), value: `${info.console.name} (${info.console.id})` },
            { name: say('settings.platform'), value: info.platform },
            { name: say('settings.engine'), value: `Node ${info.node}` },
            { name: say('settings.dataDir'), value: <span className="mono">{info.dataDir}</span> },
            { name: say('settings.keystore'), value: say(`settings.keystore-${info.keystore}`) },
          ]}
        />
        <div>
          <p className="quiet">{say('settings.consoleKey')}</p>
          <Fingerprint hex={info.console.publicKey} label={say('settings.consoleKey')} />
        </div>
      </div>
    </Card>
  )
}
