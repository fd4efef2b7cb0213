import { useState } from 'react'
import type { EnrolmentRequest } from '../../shared/model/enrolment.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { useWords } from '../words.tsx'
import { saveFile } from './save-file.ts'
import './request-card.css'

/** An enrolment request in the three ways in which it can leave a laptop without a network. */
export function RequestCard(props: { readonly request: EnrolmentRequest }) {
  const { request } = props
  const { say } = useWords()
  const [copied, setCopied] = useState(false)
  const text = JSON.stringify(request)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className="request">
      <QrCode text={text} label={say('start.requestQr', { name: request.operator.name })} />
      <div className="stack">
        <p>{say('start.requestWhy')}</p>
        <div className="row">
          <Button kind="primary" icon={copied ? 'check' : 'copy'} onPress={() => void copy()}>
            {copied ? say('common.copied') : say('start.copyRequest')}
          </Button>
          <Button
            icon="download"
            onPress={() =>
              saveFile(`${request.operator.id}.slipway-request.json`, new Blob([text], { type: 'application/json' }))
            }
          >
            {say('start.saveRequest')}
          </Button>
        </div>
        <Disclosure label={say('start.requestText')}>
          <code className="mono small request-text">{text}</code>
        </Disclosure>
      </div>
    </div>
  )
}
