import { useEffect, useRef } from 'react'
import type { AppState } from '../../../shared/contract/app.ts'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { useWords } from '../../words.tsx'
import { StepCard, type StepState } from './step-card.tsx'
import { TrustStep } from './trust-step.tsx'
import { WhoStep } from './who-step.tsx'
import './start.css'

const ORDER = ['trust', 'enrol', 'sign-in', 'sync', 'site'] as const

/** From nothing to work: bring trust, say who you are, or try the demo. No step needs a network of its own. */
export function StartScreen(props: { readonly state: AppState }) {
  const { state } = props
  const { say } = useWords()
  const missing = state.firstStart
  useLeaveWhenDone(state)
  const hasTrust = state.trust.state !== 'none'
  const done = (step: (typeof ORDER)[number]) => missing === null || ORDER.indexOf(step) < ORDER.indexOf(missing)
  const stateOf = (...steps: (typeof ORDER)[number][]): StepState => {
    if (steps.every(done)) return 'done'
    return missing !== null && steps.includes(missing) ? 'now' : 'later'
  }
  // On a laptop that is set up, this is simply the door.
  const isDoor = missing === null || (missing === 'sign-in' && hasTrust)
  return (
    <Page
      name={say(isDoor ? 'start.titleSignIn' : 'start.title')}
      title={say(isDoor ? 'start.titleSignIn' : 'start.title')}
      lead={
        isDoor
          ? state.session
            ? say('start.signedInAs', { name: state.session.name })
            : say('start.leadSignIn')
          : say('start.lead')
      }
      actions={isDoor && <Button href={paths.site}>{say(state.session ? 'start.goOn' : 'start.skip')}</Button>}
    >
      {!isDoor && <TrustStep state={stateOf('trust')} />}
      <WhoStep state={isDoor ? 'now' : stateOf('enrol', 'sign-in')} number={isDoor ? null : 2} />
      {missing === 'sync' && <Onward state="now" title="syncTitle" why="syncWhy" go="toSync" href={paths.sync} />}
      {missing === 'site' && <Onward state="now" title="siteTitle" why="siteWhy" go="toSite" href={paths.site} />}
      {!isDoor && state.mode !== 'demo' && (
        <StepCard state="later" number={null} title={say('start.demoTitle')}>
          <p>{say('start.demoWhy')}</p>
          <p className="mono demo-command">{say('start.demoCommand')}</p>
        </StepCard>
      )}
    </Page>
  )
}

function Onward(props: {
  readonly state: StepState
  readonly title: 'syncTitle' | 'siteTitle'
  readonly why: 'syncWhy' | 'siteWhy'
  readonly go: 'toSync' | 'toSite'
  readonly href: string
}) {
  const { say } = useWords()
  return (
    <StepCard state={props.state} number={3} title={say(`start.${props.title}`)}>
      <div className="stack">
        <p>{say(`start.${props.why}`)}</p>
        <div>
          <Button kind="primary" href={props.href}>
            {say(`start.${props.go}`)}
          </Button>
        </div>
      </div>
    </StepCard>
  )
}

/** When the last missing thing came while this screen was open, the work begins by itself. */
function useLeaveWhenDone(state: AppState): void {
  const wasSignedIn = useRef(state.session !== null)
  useEffect(() => {
    if (state.session && !wasSignedIn.current && state.firstStart === null) window.location.hash = paths.site
    wasSignedIn.current = state.session !== null
  }, [state])
}
