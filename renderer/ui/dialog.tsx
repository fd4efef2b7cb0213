import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'
import './dialog.css'

export interface DialogProps {
  readonly title: string
  readonly closeLabel: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly actions?: ReactNode
  /** `side` comes in from the right edge and leaves the page in view. */
  readonly form?: 'middle' | 'side'
}

/** A question or a list over the page. Escape closes it and decides nothing. */
export function Dialog(props: DialogProps) {
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)
  const close = useRef(props.onClose)
  useEffect(() => {
    close.current = props.onClose
  })
  useEffect(() => {
    const dialog = element.current
    if (dialog && !dialog.open) dialog.showModal()
    // A press beside the sheet closes it, as Escape does.
    const onBackdrop = (event: MouseEvent) => {
      if (event.target === dialog) close.current()
    }
    dialog?.addEventListener('click', onBackdrop)
    return () => {
      dialog?.removeEventListener('click', onBackdrop)
      dialog?.close()
    }
  }, [])
  return (
    <dialog
      ref={element}
      className={`dialog ${props.form ?? 'middle'}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
    >
      <div className="dialog-sheet">
        <header className="dialog-head">
          <h2 id={id}>{props.title}</h2>
          <IconButton icon="close" label={props.closeLabel} onPress={props.onClose} />
        </header>
        <div className="dialog-body">{props.children}</div>
        {props.actions !== undefined && <footer className="dialog-actions">{props.actions}</footer>}
      </div>
    </dialog>
  )
}
