import type { WaitingView } from '../../../shared/contract/recovery.ts'
import { useTicks } from '../../api/clock.ts'
import { useWatch } from '../../api/host.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Page } from '../../ui/page.tsx'
import { useWords } from '../../words.tsx'
import { SayWhich } from './say-which.tsx'
import './recovery.css'

/** A boot loader that cannot say whose device it is: what is seen of it, and how people say which one it is. */
export function RecoveryScreen(props: { readonly address: string }) {
  const { say } = useWords()
  const waiting = useWatch('devices.waiting', null)
  return (
    <LoadedPage of={waiting}>
      {(all) => {
        const one = all.find(({ address }) => address === props.address)
        if (one) return <Waiting one={one} />
        return (
          <Page name={say('recovery.goneTitle')} title={say('recovery.goneTitle')} lead={say('recovery.goneWhy')}>
            <div>
              <Button href={paths.site}>{say('frame.goSite')}</Button>
            </div>
          </Page>
        )
      }}
    </LoadedPage>
  )
}

function Waiting(props: { readonly one: WaitingView }) {
  const { one } = props
  const { say } = useWords()
  return (
    <Page
      name={say('recovery.title')}
      title={say('recovery.title')}
      lead={say('recovery.lead')}
      actions={
        <Button icon="diagnosis" href={paths.doctor(one.address)}>
          {say('doctor.examine')}
        </Button>
      }
      columns
    >
      <SayWhich one={one} />
      <Seen one={one} />
    </Page>
  )
}

const SAYS = ['loader', 'product', 'number', 'usb', 'prompt'] as const

function Seen(props: { readonly one: WaitingView }) {
  const { label, address, mayBe, left } = props.one
  const { say, formats } = useWords()
  const { date } = useTicks(10_000)
  const [first] = mayBe
  // MCUboot lists what it would start, and nothing else.
  const listsWhole = first?.driver === 'smp'
  const said = SAYS.flatMap((name) => {
    const value = first?.says[name]
    return value === undefined ? [] : [{ name: say(`recovery.says-${name}`), value }]
  })
  return (
    <Card title={say('recovery.seenTitle')}>
      <Facts
        facts={[
          {
            name: say('recovery.port'),
            value: (
              <>
                {label !== address && <span className="recovery-port">{label}</span>}
                <span className="mono small">{address}</span>
              </>
            ),
          },
          { name: say('recovery.mayBe'), value: formats.list(mayBe.map(({ typeTitle }) => typeTitle)) },
          first?.hardware == null ? null : { name: say('recovery.hardware'), value: first.hardware },
          ...said,
          {
            name: say('recovery.holds'),
            value: first?.holds ?? say(listsWhole ? 'recovery.holdsNothing' : 'recovery.holdsUnknown'),
          },
          left && {
            name: say('recovery.leftRun'),
            value: <a href={paths.run(left.run)}>{say('recovery.leftBy', { name: left.name, age: date - left.at })}</a>,
          },
        ]}
      />
    </Card>
  )
}
