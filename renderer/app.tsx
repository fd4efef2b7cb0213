import { useEffect, useMemo, useState } from 'react'
import type { Settings } from '../shared/contract/settings.ts'
import { learnHostTime } from './api/clock.ts'
import { useCall, useConnection, useWatch } from './api/host.tsx'
import { useHash } from './api/use-hash.ts'
import { DemoGuide } from './features/demo/demo-guide.tsx'
import { applyDisplay, type Display } from './frame/display.ts'
import { Frame } from './frame/frame.tsx'
import { ScreenGuard } from './frame/screen-guard.tsx'
import { ErrorNote } from './parts/error-note.tsx'
import { placeOf } from './routes.ts'
import { Screen } from './screen.tsx'
import { voice } from './text/say.ts'
import { Button } from './ui/button.tsx'
import { Page } from './ui/page.tsx'
import { type Words, WordsProvider, wordsOf } from './words.tsx'

/** The page: the person's display, the person's words, the frame and the screen inside. */
export function App(props: { readonly display: Display }) {
  const [display, setDisplay] = useDisplay(props.display)
  const words = useMemo(() => wordsOf(voice(display.language)), [display.language])
  const connection = useConnection()
  const state = useWatch('app.state', null).value
  useEffect(() => {
    if (state) learnHostTime(state.now)
  }, [state])
  const place = placeOf(useHash())
  return (
    <WordsProvider words={words}>
      <Frame
        place={place}
        state={state}
        display={display}
        onDisplay={setDisplay}
        aside={state?.mode === 'demo' && <DemoGuide />}
      >
        {connection.status === 'refused' && connection.error ? (
          <Page name={words.say('frame.refusedTitle')} title={words.say('frame.refusedTitle')}>
            <ErrorNote error={connection.error} tone="alarm" />
          </Page>
        ) : (
          <ScreenGuard place={JSON.stringify(place)} instead={<FailedScreen say={words.say} />}>
            <Screen place={place} state={state} />
          </ScreenGuard>
        )}
      </Frame>
    </WordsProvider>
  )
}

function FailedScreen(props: Pick<Words, 'say'>) {
  const { say } = props
  return (
    <Page name={say('frame.screenFailed')} title={say('frame.screenFailed')} lead={say('frame.screenFailedWhy')}>
      <div>
        <Button kind="primary" onPress={() => window.location.reload()}>
          {say('frame.reload')}
        </Button>
      </div>
    </Page>
  )
}

/**
 * Palette, size and language belong to the host's settings, so that every window and the next start
 * have them; this window shows a change at once and does not wait for the way there and back.
 */
function useDisplay(initial: Display): readonly [Display, (change: Partial<Display>) => void] {
  const settings = useWatch('settings.get', null).value
  const { call } = useCall('settings.set')
  const [brightness, setBrightness] = useState(initial.brightness)
  const [wish, setWish] = useState<{ readonly since: Settings | undefined; readonly values: Partial<Settings> }>()
  const display = useMemo<Display>(() => {
    const { palette, size, language } = { ...initial, ...settings, ...(wish?.since === settings ? wish?.values : {}) }
    return { palette, size, language, brightness }
  }, [initial, settings, wish, brightness])
  useEffect(() => applyDisplay(document, localStorage, display), [display])
  const change = (values: Partial<Display>) => {
    const { brightness: own, ...forHost } = values
    if (own !== undefined) setBrightness(own)
    if (Object.keys(forHost).length === 0) return
    // Until the settings themselves come back changed, which ends the wish.
    setWish({ since: settings, values: forHost })
    void call(forHost)
  }
  return [display, change]
}
