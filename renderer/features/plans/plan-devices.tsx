import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { paths } from '../../routes.ts'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { useWords } from '../../words.tsx'
import { StartBatch } from './start-batch.tsx'

/** The devices of the site with the plan's answer to each; those it fits come first. */
export function PlanDevices(props: { readonly detail: PlanDetail }) {
  const { say, explain } = useWords()
  const { devices, deviceCount } = props.detail
  return (
    <Card title={say('plans.devices')} aside={say('plans.fits', { n: props.detail.summary.fits })}>
      <StartBatch detail={props.detail} />
      {devices.length === 0 ? (
        <p className="quiet">{say('plans.noDevices')}</p>
      ) : (
        <>
          <VirtualList
            label={say('plans.devices')}
            items={devices}
            keyOf={(device) => device.key}
            estimate={52}
            render={(device) => (
              <div className="plan-device">
                <StateIcon tone={device.fits ? 'next' : 'idle'} size="small" />
                <div>
                  <a href={paths.device(device.key)}>{device.name}</a>
                  <p className="quiet small">{device.reason ? explain(device.reason).what : say('device.fits')}</p>
                </div>
              </div>
            )}
          />
          {deviceCount > devices.length && (
            <p className="quiet small">{say('common.countOf', { shown: devices.length, all: deviceCount })}</p>
          )}
        </>
      )}
    </Card>
  )
}
