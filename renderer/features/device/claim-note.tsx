import type { DeviceView } from '../../../shared/model/device.ts'
import { useTicks } from '../../api/clock.ts'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { useNames } from '../../parts/names.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words.tsx'

/** On whose word this is the device, while only its boot loader answers. */
export function ClaimNote(props: { readonly device: DeviceView }) {
  const { key, claim } = props.device
  const { say } = useWords()
  const nameOf = useNames()
  const { date } = useTicks(10_000)
  const { call, busy, error } = useCall('devices.disclaim')
  if (!claim) return null
  if (claim.how === 'carried') {
    return (
      <Notice tone="info" title={say('recovery.carriedTitle')}>
        {say('recovery.carriedWhy')}
      </Notice>
    )
  }
  const { by, second, at } = claim
  return (
    <>
      <Notice
        tone="caution"
        title={say('recovery.claimTitle')}
        actions={
          <Button busy={busy} onPress={() => void call({ device: key })}>
            {say('recovery.disclaim')}
          </Button>
        }
      >
        {say('recovery.claimWhy', {
          by: nameOf(by),
          second: second === null ? null : nameOf(second),
          age: Math.max(0, date - at),
        })}
      </Notice>
      {error && <ErrorNote error={error} announce />}
    </>
  )
}
