import { useState } from 'react'
import type { EnrolmentRequest } from '../../shared/model/enrolment.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { useWords } from '../words.tsx'
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
          <Button icon="download" onPress={() => save(`${request.operator.id}.slipway-request.json`, text)}>
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

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
