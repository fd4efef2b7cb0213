import type { AppState } from '../../shared/contract/app.ts'
import { useConnection } from '../api/host.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import './bands.css'

/** Across every screen, what changes the meaning of everything below it. */
export function Bands(props: { readonly state: AppState | undefined }) {
  const { say } = useWords()
  const { status, lastOpen } = useConnection()
  return (
    <div className="bands">
      {props.state?.mode === 'demo' && (
        <div className="band demo">
          <Icon name="simulation" size="small" />
          {say('frame.demoBand')}
        </div>
      )}
      {status === 'lost' && (
        <div className="band lost" role="alert">
          <span className="spinner" />
          {lastOpen === null ? say('frame.lostBandFirst') : say('frame.lostBand', { at: lastOpen })}
        </div>
      )}
    </div>
  )
}
