import type { TrustView } from '../../../shared/contract/trust.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Fingerprint } from '../../parts/fingerprint.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'
import { ServerConnection } from './server-connection.tsx'

/** Whom this console believes, until when, and what the policy says. */
export function Trust() {
  const trust = useWatch('trust.state', null)
  return (
    <>
      <SiteCard />
      <Loaded of={trust} lines={8}>
        {(view) => (
          <>
            <Server trust={view} />
            <ServerConnection />
            <Roles trust={view} />
            <Policy trust={view} />
          </>
        )}
      </Loaded>
    </>
  )
}

function SiteCard() {
  const { say } = useWords()
  const sites = useWatch('site.list', null)
  const chosen = useWatch('app.state', null).value?.site
  const { call, busy, error } = useCall('site.choose')
  return (
    <Card title={say('settings.site')}>
      {error && <ErrorNote error={error} announce />}
      <Loaded of={sites}>
        {(list) => (
          <ul className="verdicts">
            {list.map((site) => (
              <li key={site.id}>
                <StateIcon tone={site.id === chosen?.id ? 'good' : 'idle'} size="small" />
                <div>
                  <p className="strong">{site.title}</p>
                  <p className="quiet small">
                    {site.id === chosen?.id && `${say('settings.chosenSite')}, `}
                    {say('site.devices', { n: site.devices })}
                  </p>
                </div>
                {site.id !== chosen?.id && (
                  <Button busy={busy} onPress={() => void call({ site: site.id })}>
                    {say('settings.chooseSite')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}

function Server(props: { readonly trust: TrustView }) {
  const { say, formats } = useWords()
  const { trust } = props
  const when = (ms: number | null) => (ms === null ? say('common.never') : formats.datetime(ms))
  return (
    <Card title={say('settings.server')}>
      <div className="stack">
        {trust.lasts.reason && <ErrorNote error={trust.lasts.reason} />}
        {trust.time.trouble && <ErrorNote error={trust.time.trouble} />}
        <Facts
          facts={[
            { name: say('settings.address'), value: trust.url ?? say('settings.noServer') },
            { name: say('settings.expires'), value: trust.lasts.until === null ? '–' : when(trust.lasts.until) },
            { name: say('settings.syncedAt'), value: when(trust.syncedAt) },
            { name: say('settings.issuedAt'), value: when(trust.issuedAt) },
          ]}
        />
        {trust.fingerprint === null ? (
          <div>
            <Button kind="primary" href={paths.start}>
              {say('start.trustTitle')}
            </Button>
          </div>
        ) : (
          <div>
            <p className="quiet">{say('settings.fingerprint')}</p>
            <Fingerprint hex={trust.fingerprint} label={say('settings.fingerprint')} />
          </div>
        )}
      </div>
    </Card>
  )
}

function Roles(props: { readonly trust: TrustView }) {
  const { say, formats } = useWords()
  const { roles } = props.trust
  if (roles.length === 0) return null
  return (
    <Card flush>
      <table className="trust-roles">
        <thead>
          <tr>
            <th scope="col">{say('settings.role')}</th>
            <th scope="col">{say('settings.version')}</th>
            <th scope="col">{say('settings.expires')}</th>
            <th scope="col">{say('settings.signatures')}</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.name}>
              <th scope="row">{role.name}</th>
              <td>{formats.number(role.version)}</td>
              <td>{formats.datetime(role.expires)}</td>
              <td>{say('settings.threshold', { threshold: role.threshold, keys: role.keys })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Policy(props: { readonly trust: TrustView }) {
  const { say, formats } = useWords()
  const { policy, operators, consoles } = props.trust
  return (
    <Card title={say('settings.policy')}>
      {policy === null ? (
        <p className="quiet">{say('settings.noPolicy')}</p>
      ) : (
        <Facts
          facts={[
            { name: say('settings.offlineDays'), value: say('settings.days', { n: policy.offlineDays }) },
            { name: say('settings.retention'), value: say('settings.days', { n: policy.auditRetentionDays }) },
            { name: say('settings.minimumVersion'), value: policy.minimumVersion },
            { name: say('settings.operators'), value: formats.list(operators.map((each) => each.name)) },
            { name: say('settings.consoles'), value: formats.list(consoles.map((each) => each.name)) },
          ]}
        />
      )}
    </Card>
  )
}
