import type { ReactNode } from 'react'
import { TextField } from '../ui/text-field.tsx'
import { useWords } from '../words.tsx'

/** A secret: hidden until asked, never remembered by the page beyond its form. */
export function PassphraseField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly isNew?: boolean
  readonly help?: ReactNode
  readonly error?: ReactNode
  readonly onEnter?: () => void
  readonly focused?: boolean
}) {
  const { say } = useWords()
  const { isNew, ...field } = props
  return (
    <TextField
      {...field}
      secret={{
        show: say('common.showSecret'),
        hide: say('common.hideSecret'),
        autoComplete: isNew ? 'new-password' : 'current-password',
      }}
    />
  )
}
