import { useTicks } from '../../api/clock.ts'
import { useWatch } from '../../api/host.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words.tsx'

/** Boot loaders that wait for somebody to say whose they are: no row of the list is theirs. */
export function WaitingLoaders() {
  const { say } = useWords()
  const { date } = useTicks(10_000)
  const waiting = useWatch('devices.waiting', null).value ?? []
  return waiting.map(({ address, mayBe, left }) => (
    <Notice
      key={address}
      tone="warning"
      title={say('recovery.cardTitle', { type: mayBe.length === 1 ? mayBe[0]?.typeTitle : say('recovery.several') })}
      actions={
        <Button kind="primary" href={paths.recovery(address)}>
          {say('recovery.open')}
        </Button>
      }
    >
      {left ? say('recovery.cardLeft', { name: left.name, age: date - left.at }) : say('recovery.cardWhy')}{' '}
      <span className="mono small">{address}</span>
    </Notice>
  ))
}
