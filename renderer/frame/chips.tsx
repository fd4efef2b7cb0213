import type { ReactNode } from 'react'
import type { AppState } from '../../shared/contract/app.ts'
import { useTicks } from '../api/clock.ts'
import { paths } from '../routes.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useWords } from '../words.tsx'
import './chips.css'

interface ChipProps {
  readonly href: string
  readonly icon: IconName
  readonly tone?: 'plain' | 'accent' | 'caution' | 'warning' | 'alarm'
  /** State and value: `Trust good 38 d`. */
  readonly text: string
  /** What remains of it where there is no room: `38 d`. */
  readonly short: string
  /** The whole sentence, as a tooltip and for screen readers. */
  readonly long: string
}

function Chip(props: ChipProps) {
  const tone = props.tone ?? 'plain'
  return (
    <a className={`chip ${tone}`} href={props.href} title={props.long}>
      {tone === 'plain' || tone === 'accent' ? (
        <Icon name={props.icon} size="small" />
      ) : (
        <StateIcon tone={tone} size="small" />
      )}
      <span className="chip-text">{props.text}</span>
      <span className="chip-short">{props.short}</span>
      <span className="visually-hidden">. {props.long}</span>
    </a>
  )
}

/** What every screen shows, in this order: the line out, the trust, the work, the log. */
export function Chips(props: { readonly state: AppState }): ReactNode {
  const { state } = props
  return (
    <>
      <NetworkChip network={state.network} />
      <TrustChip trust={state.trust} />
      <RunsChip runs={state.runs} />
      <AuditChip audit={state.audit} />
    </>
  )
}

function NetworkChip(props: { readonly network: AppState['network'] }) {
  const { say, formats } = useWords()
  const { date } = useTicks(30_000)
  const { state, lastContact } = props.network
  const age = lastContact === null ? null : Math.max(0, date - lastContact)
  const short = age === null ? '' : formats.duration(age)
  if (state === 'online') {
    return <Chip href={paths.sync} icon="online" text={say('frame.online')} short="" long={say('frame.onlineLong')} />
  }
  const chosen = state === 'offline-chosen'
  return (
    <Chip
      href={paths.sync}
      icon="offline"
      text={chosen ? say('frame.offlineChosen') : say('frame.offline', { age })}
      short={short}
      long={chosen ? say('frame.offlineChosenLong', { age }) : say('frame.offlineLong', { age })}
    />
  )
}

function TrustChip(props: { readonly trust: AppState['trust'] }) {
  const { say, formats } = useWords()
  const { date } = useTicks(30_000)
  const { state, until } = props.trust
  const left = until === null ? null : Math.max(0, until - date)
  const short = left === null ? '' : formats.duration(left)
  const common = { icon: 'trust', href: state === 'none' ? paths.start : paths.settings('trust') } as const
  if (state === 'none') {
    return <Chip {...common} tone="warning" text={say('frame.trustNone')} short="–" long={say('frame.trustNoneLong')} />
  }
  if (state === 'ended') {
    return (
      <Chip {...common} tone="warning" text={say('frame.trustEnded')} short="–" long={say('frame.trustEndedLong')} />
    )
  }
  const soon = state === 'renew-soon'
  return (
    <Chip
      {...common}
      tone={soon ? 'caution' : 'plain'}
      text={soon ? say('frame.trustSoon', { left }) : say('frame.trustGood', { left })}
      short={short}
      long={say('frame.trustLong', { until })}
    />
  )
}

function RunsChip(props: { readonly runs: AppState['runs'] }) {
  const { say, formats } = useWords()
  const { active, needPerson } = props.runs
  const long = active === 0 ? say('frame.runsIdleLong') : say('frame.runsLong', { active, person: needPerson || null })
  if (needPerson > 0) {
    return (
      <Chip
        href={paths.runs}
        icon="runs"
        tone="caution"
        text={say('frame.runsPerson', { n: needPerson })}
        short={formats.number(needPerson)}
        long={long}
      />
    )
  }
  return (
    <Chip
      href={paths.runs}
      icon="runs"
      tone={active > 0 ? 'accent' : 'plain'}
      text={active > 0 ? say('frame.runsActive', { n: active }) : say('frame.runsIdle')}
      short={formats.number(active)}
      long={long}
    />
  )
}

function AuditChip(props: { readonly audit: AppState['audit'] }) {
  const { say, formats } = useWords()
  const { toUpload, broken } = props.audit
  if (broken) {
    return (
      <Chip
        href={paths.audit}
        icon="upload"
        tone="alarm"
        text={say('frame.auditBroken')}
        short=""
        long={say('frame.auditBrokenLong')}
      />
    )
  }
  return (
    <Chip
      href={paths.audit}
      icon="upload"
      text={toUpload > 0 ? say('frame.uploadSome', { n: toUpload }) : say('frame.uploadNone')}
      short={formats.number(toUpload)}
      long={toUpload > 0 ? say('frame.uploadLong', { n: toUpload }) : say('frame.uploadNoneLong')}
    />
  )
}
