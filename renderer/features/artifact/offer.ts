import { useCallback, useState } from 'react'
import { type Inspection, MAX_PART } from '../../../shared/contract/artifacts.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useCall } from '../../api/host.tsx'

export interface Offer {
  readonly name: string
  readonly length: number
  readonly sent: number
  readonly inspection: Inspection | null
}

export interface OfferHandle {
  readonly offer: Offer | null
  readonly busy: boolean
  readonly error: ErrorData | null
  readonly take: (file: File) => Promise<void>
}

/** Hands a file of the page to the host, a part at a time, and has it explained. The page holds one part at once. */
export function useOffer(): OfferHandle {
  const { call, busy, error } = useCall('artifacts.part')
  const [offer, setOffer] = useState<Offer | null>(null)
  const [unreadable, setUnreadable] = useState<ErrorData | null>(null)
  const take = useCallback(
    async (blob: File) => {
      const { name, size: length } = blob
      const file = crypto.randomUUID()
      setUnreadable(null)
      setOffer({ name, length, sent: 0, inspection: null })
      for (let offset = 0; ; ) {
        const bytes = await base64Of(blob.slice(offset, offset + MAX_PART)).catch((why: unknown) => {
          // Taken away while it was read: a stick that was pulled.
          setUnreadable(toErrorData(why, 'file.unreadable'))
          return null
        })
        const answer =
          bytes === null ? undefined : await call({ file, name: name.slice(0, 255), length, offset, bytes })
        if (!answer) {
          setOffer(null)
          return
        }
        offset = answer.received
        setOffer({ name, length, sent: offset, inspection: answer.inspection })
        if (answer.inspection) return
      }
    },
    [call],
  )
  return { offer, busy, error: error ?? unreadable, take }
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    // `data:...;base64,` comes before it; nothing at all for no bytes.
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : ''
      resolve(url.includes(',') ? url.slice(url.indexOf(',') + 1) : '')
    })
    reader.addEventListener('error', () => reject(reader.error ?? new DOMException('unreadable')))
    reader.readAsDataURL(blob)
  })
}
