import type { SeenAddress } from '../../../../shared/contract/devices.ts'
import { useWatch } from '../../../api/host.tsx'
import { ADDRESS_TONES } from '../../../parts/address-tone.ts'
import { Loaded } from '../../../parts/loaded.tsx'
import { paths } from '../../../routes.ts'
import { Card } from '../../../ui/card.tsx'
import { StateIcon } from '../../../ui/state-icon.tsx'
import { useWords } from '../../../words.tsx'

/** Every port and address that is looked at, and how it stands now; where nobody answers, the way to the doctor. */
export function PlacesCard() {
  const { say } = useWords()
  const addresses = useWatch('devices.addresses', null)
  return (
    <Card title={say('find.placesTitle')}>
      <Loaded of={addresses}>
        {(list) =>
          list.length === 0 ? (
            <p className="quiet">{say('find.placesEmpty')}</p>
          ) : (
            <ul className="verdicts">
              {list.map((seen) => (
                <Place key={seen.address} seen={seen} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function Place(props: { readonly seen: SeenAddress }) {
  const { address, label, state, device } = props.seen
  const { say } = useWords()
  return (
    <li>
      <StateIcon tone={ADDRESS_TONES[state]} size="small" />
      <div>
        <p>
          <span className="strong">{label}</span>
        </p>
        {label !== address && <p className="mono small find-address">{address}</p>}
        <p className="quiet small">
          {say(`settings.state-${state}`)}
          {device !== null && (
            <>
              : <a href={paths.device(device)}>{device}</a>
            </>
          )}
        </p>
        {state === 'boot-loader' && <a href={paths.recovery(address)}>{say('recovery.open')}</a>}
        {device === null && state !== 'boot-loader' && <a href={paths.doctor(address)}>{say('doctor.examine')}</a>}
      </div>
    </li>
  )
}
