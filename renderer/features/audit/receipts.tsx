import { useAsk } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Card } from '../../ui/card.tsx'
import { StateIcon } from '../../ui/state-icon.tsx'
import { useWords } from '../../words.tsx'

/** The server's signed word for what it holds. Asked anew whenever a newer one came. */
export function Receipts(props: { readonly last: number }) {
  const { say } = useWords()
  const { value = [], error } = useAsk('audit.receipts', null, props.last)
  const receipts = [...value].sort((a, b) => b.time - a.time)
  return (
    <Card title={say('audit.receipts')}>
      {error && <ErrorNote error={error} />}
      {receipts.length === 0 ? (
        <p className="quiet">{say('audit.noReceipts')}</p>
      ) : (
        <ul className="verdicts">
          {receipts.slice(0, 50).map((receipt) => (
            <li key={receipt.segment}>
              <StateIcon tone="good" size="small" />
              <div>
                <p>{say('audit.receipt', { first: receipt.first, last: receipt.last, at: receipt.time })}</p>
                <p className="quiet small">
                  {say('audit.receiptKey', { key: receipt.keyid })}{' '}
                  <span className="mono">{receipt.segment.slice(0, 16)}</span>
                </p>
                {receipt.carrier !== null && (
                  <p className="quiet small">
                    {say('audit.receiptCarried', { at: receipt.receivedAt, carrier: receipt.carrier })}
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
