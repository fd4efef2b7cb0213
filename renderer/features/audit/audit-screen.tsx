import { useState } from 'react'
import type { AuditState } from '../../../shared/contract/audit.ts'
import { useCall, useWatch } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords, type Words } from '../../words.tsx'
import { ByStick } from './by-stick.tsx'
import { Entries } from './entries.tsx'
import { Receipts } from './receipts.tsx'
import './audit.css'

/** The log of this laptop: whether it is whole, what waits, what the server has signed for. */
export function AuditScreen() {
  const audit = useWatch('audit.state', null)
  return <LoadedPage of={audit}>{(state) => <Audit state={state} />}</LoadedPage>
}

function Audit(props: { readonly state: AuditState }) {
  const { state } = props
  const words = useWords()
  const { say, formats } = words
  const verify = useCall('audit.verify')
  const upload = useCall('audit.upload')
  const [exporting, setExporting] = useState(false)
  const error = verify.error ?? upload.error ?? state.lastError
  const { chain, uploading } = state
  const [done, total] = formats.bytesOf(uploading?.done ?? 0, uploading?.total ?? 0)
  return (
    <Page
      name={say('audit.title')}
      title={headline(state, words)}
      lead={
        <>
          {state.toUpload > 0 ? say('audit.notUploaded', { n: state.toUpload }) : say('audit.allUploaded')}{' '}
          {state.lastReceipt ? say('audit.lastReceipt', { at: state.lastReceipt.time }) : say('audit.noReceipt')}
        </>
      }
      actions={
        <>
          <Button
            kind="primary"
            icon="upload"
            busy={upload.busy || uploading !== null}
            disabled={state.toUpload === 0 && state.carried.others.length === 0}
            onPress={() => void upload.call(null)}
          >
            {say('audit.upload')}
          </Button>
          <Button busy={verify.busy} onPress={() => void verify.call(null)}>
            {say('audit.verify')}
          </Button>
          <Button onPress={() => setExporting(true)}>{say('audit.export')}</Button>
        </>
      }
    >
      {uploading && (
        <div>
          <Progress label={say('audit.upload')} share={uploading.total > 0 ? uploading.done / uploading.total : null} />
          <p className="small">{say('audit.uploading', { done, total })}</p>
        </div>
      )}
      {chain && !chain.ok && chain.reason && <ErrorNote error={chain.reason} tone="alarm" />}
      {error && <ErrorNote error={error} announce={error !== state.lastError} />}
      {!state.sealing && <Notice tone="caution" title={say('audit.notSealing')} />}
      {chain?.ok && (
        <p className="quiet" role="status">
          {chain.first === null
            ? say('audit.verifiedEmpty', { at: chain.checkedAt })
            : say('audit.verified', { at: chain.checkedAt, first: chain.first, last: chain.last })}{' '}
          {state.sealing && say('audit.sealing')}
        </p>
      )}
      <div className="page-columns">
        <Entries newest={state.lastSeq} epoch={state.epoch} uploaded={state.lastReceipt?.last ?? 0} />
        <div className="stack">
          <ByStick carried={state.carried} />
          <Receipts last={state.lastReceipt?.time ?? 0} />
        </div>
      </div>
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </Page>
  )
}

function ExportDialog(props: { readonly onClose: () => void }) {
  const { say } = useWords()
  const { call, busy, error } = useCall('audit.export')
  const [path, setPath] = useState('')
  const [result, setResult] = useState<{ path: string; entries: number }>()
  const write = async () => setResult(await call({ path: path.trim() }))
  return (
    <Dialog title={say('audit.exportTitle')} closeLabel={say('frame.close')} onClose={props.onClose}>
      <div className="stack">
        <p>{say('audit.exportWhy')}</p>
        <TextField
          label={say('audit.exportPath')}
          help={say('audit.exportPathHelp')}
          value={path}
          onChange={setPath}
          focused
        />
        {error && <ErrorNote error={error} announce />}
        {result && (
          <Notice tone="good" title={say('audit.exportDone', { n: result.entries, path: result.path })} announce />
        )}
        <div>
          <Button kind="primary" busy={busy} disabled={path.trim() === ''} onPress={() => void write()}>
            {say('audit.exportDo')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

function headline(state: AuditState, { say }: Words): string {
  const { chain, entries } = state
  if (!chain) return say('audit.chainUnchecked', { entries })
  return chain.ok ? say('audit.chainGood', { entries }) : say('audit.chainBad')
}
