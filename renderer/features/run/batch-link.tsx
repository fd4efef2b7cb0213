import { useState } from 'react'
import { useWatch } from '../../api/host.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words.tsx'

/** The batch that this window looked at last. The host keeps batches for its own life, and a window no longer. */
const KEY = 'slipway.batch'

export function rememberBatch(batch: string): void {
  sessionStorage.setItem(KEY, batch)
}

/** The way back to the board of a batch, for whoever went to one of its runs. */
export function BatchLink() {
  const [batch] = useState(() => sessionStorage.getItem(KEY))
  return batch === null ? null : <Link batch={batch} />
}

function Link(props: { readonly batch: string }) {
  const { say } = useWords()
  const view = useWatch('runs.batch', { batch: props.batch }).value
  if (!view) return null
  const done = view.devices.filter(({ state }) => state === 'succeeded' || state === 'not-needed').length
  return (
    <Notice
      tone="info"
      title={say('run.batchTitle', { plan: view.planTitle })}
      actions={<Button href={paths.batch(view.id)}>{say('run.batchOpen')}</Button>}
    >
      {say('run.batchDone', { done, all: view.devices.length })}
    </Notice>
  )
}
