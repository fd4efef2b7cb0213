import { type DragEvent, useId, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useWords } from '../../words.tsx'

/** A place to drop a file on; the button is for everybody who does not drag. */
export function DropFile(props: { readonly busy: boolean; readonly onFile: (file: File) => void }) {
  const { say } = useWords()
  const hint = useId()
  const chooser = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const file = files?.[0]
    if (file && !props.busy) props.onFile(file)
  }
  const drag = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button does the same
    <div
      className={`drop-file ${over ? 'over' : ''}`}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <Icon name="upload" />
      <p id={hint}>{say('artifact.drop')}</p>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={say('artifact.choose')}
        onChange={(event) => {
          take(event.target.files)
          // The same file again is a wish to look again.
          event.target.value = ''
        }}
      />
      <Button kind="primary" busy={props.busy} onPress={() => chooser.current?.click()}>
        {say('artifact.choose')}
      </Button>
    </div>
  )
}
