import type { TakenAlong } from '../../../shared/contract/audit.ts'
import type { HandedOver, PackMade, PackTaken } from '../../../shared/contract/packs.ts'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words.tsx'

export type PackOutcome =
  | { readonly made: PackMade }
  | { readonly taken: PackTaken }
  | { readonly handed: HandedOver & { readonly folder: string } }

/** What became of a stick: what is on it now, or what came from it. */
export function PackResult(props: { readonly of: PackOutcome }) {
  const { of } = props
  if ('made' in of) return <Made made={of.made} />
  return 'taken' in of ? <Taken taken={of.taken} /> : <Handed handed={of.handed} />
}

function Made({ made }: { readonly made: PackMade }) {
  const { say, explain } = useWords()
  const { artifacts: n, bytes, until, folder, leftOut, log, logFailed } = made
  const tone = leftOut.length > 0 || logFailed ? 'caution' : 'good'
  return (
    <Notice tone={tone} announce title={say('packs.made', { n, bytes, until })}>
      <p className="pack-place">{folder}</p>
      <Carries log={log} />
      {logFailed && <p>{say('packs.logFailed', { why: explain(logFailed).what })}</p>}
      <NotThere files={leftOut} />
    </Notice>
  )
}

function Handed({ handed }: { readonly handed: HandedOver & { readonly folder: string } }) {
  const { say } = useWords()
  const nothing = handed.entries === 0 && handed.others.length === 0 && handed.receipts === 0
  return (
    <Notice tone={nothing ? 'info' : 'good'} announce title={say(nothing ? 'packs.nothingToHand' : 'packs.handedOver')}>
      <p className="pack-place">{handed.folder}</p>
      <Carries log={handed} />
    </Notice>
  )
}

function Taken({ taken }: { readonly taken: PackTaken }) {
  const { say, explain } = useWords()
  const { issuedAt: issued, plans, artifacts: n, toFetch, notTaken, refused, along } = taken
  const bad = [...refused, ...along.refused]
  return (
    <Notice
      tone={bad.length > 0 || notTaken ? 'caution' : 'good'}
      announce
      title={notTaken ? explain(notTaken).what : say('packs.taken', { issued, plans, n })}
    >
      {!notTaken && <p>{toFetch > 0 ? say('packs.stillMissing', { bytes: toFetch }) : say('sync.nothing')}</p>}
      <Along along={along} />
      <NotThere files={bad} />
    </Notice>
  )
}

/** Logs and receipts that a stick carries now. */
function Carries({ log }: { readonly log: HandedOver }) {
  const { say } = useWords()
  return (
    <>
      {log.entries > 0 && <p>{say('packs.carriesOwn', { n: log.entries })}</p>}
      {log.others.map(({ console, entries: n }) => (
        <p key={console}>{say('packs.carriesOthers', { console, n })}</p>
      ))}
      {log.receipts > 0 && <p>{say('packs.carriesReceipts', { n: log.receipts })}</p>}
    </>
  )
}

/** Logs and receipts that came from a stick. */
function Along({ along }: { readonly along: TakenAlong }) {
  const { say } = useWords()
  const { logs, receipts } = along
  if (logs.length === 0 && receipts.entries === 0 && receipts.others === 0) return null
  const by = receipts.carriers.join(', ') || null
  return (
    <>
      <p>{say('packs.broughtAlong')}</p>
      <ul>
        {receipts.entries > 0 && <li>{say('packs.broughtReceipts', { n: receipts.entries, by })}</li>}
        {logs.map(({ console, entries: n }) => (
          <li key={console}>{say('packs.broughtLog', { console, n })}</li>
        ))}
        {receipts.others > 0 && <li>{say('packs.broughtOthers', { n: receipts.others })}</li>}
      </ul>
    </>
  )
}

function NotThere({ files }: { readonly files: PackTaken['refused'] }) {
  const { explain } = useWords()
  if (files.length === 0) return null
  return (
    <ul>
      {files.map(({ target, reason }) => (
        <li key={`${target} ${reason.code}`}>
          <span className="pack-place">{target.replace(/^artifacts\//, '')}</span>: {explain(reason).what}
        </li>
      ))}
    </ul>
  )
}
