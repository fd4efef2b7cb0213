import { useState } from 'react'
import { useCall } from '../../api/host.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Fingerprint } from '../../parts/fingerprint.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words.tsx'

const EMPTY = { id: '', root: '', metadata: '', targets: '', paths: '' }

/** As the first trust in our own publisher: the root is read, a person compares, and only then it counts. */
export function NewSource() {
  const { say } = useWords()
  const preview = useCall('source.preview')
  const add = useCall('source.add')
  const [wish, setWish] = useState(EMPTY)
  const [root, setRoot] = useState<Awaited<ReturnType<typeof preview.call>>>()
  const set = (name: keyof typeof EMPTY) => (value: string) => {
    setWish({ ...wish, [name]: value })
    // Another file is another word.
    if (name === 'root') setRoot(undefined)
  }
  const { id, metadata, targets } = wish
  const error = preview.error ?? add.error
  const whole = [id, wish.root, metadata, targets].every((text) => text.trim() !== '')
  const trust = async (fingerprint: string) => {
    const paths = wish.paths.split(/\s+/).filter((path) => path !== '')
    const input = { id: id.trim(), root: wish.root.trim(), metadata: metadata.trim(), targets: targets.trim() }
    const added = await add.call({ ...input, fingerprint, ...(paths.length > 0 && { paths }) })
    if (!added) return
    setWish(EMPTY)
    setRoot(undefined)
  }
  return (
    <div className="stack">
      <TextField label={say('source.id')} help={say('source.idHelp')} value={id} onChange={set('id')} />
      <TextField label={say('source.metadata')} value={metadata} onChange={set('metadata')} />
      <TextField label={say('source.targets')} value={targets} onChange={set('targets')} />
      <TextField
        label={say('source.paths')}
        help={say('source.pathsHelp')}
        value={wish.paths}
        onChange={set('paths')}
      />
      <TextField label={say('source.root')} help={say('source.rootHelp')} value={wish.root} onChange={set('root')} />
      {error && <ErrorNote error={error} announce />}
      {root ? (
        <>
          <p className="strong">{say('source.compare')}</p>
          <Fingerprint hex={root.fingerprint} label={say('source.compare')} />
          <p className="quiet small">
            {say('source.facts', {
              version: root.version,
              threshold: root.rootThreshold,
              keys: root.rootKeys,
              until: root.expires,
            })}
          </p>
          <div>
            <Button kind="primary" busy={add.busy} disabled={!whole} onPress={() => void trust(root.fingerprint)}>
              {say('source.trust')}
            </Button>
          </div>
        </>
      ) : (
        <div>
          <Button
            busy={preview.busy}
            disabled={!whole}
            onPress={() => {
              void preview.call({ root: wish.root.trim() }).then(setRoot)
            }}
          >
            {say('source.read')}
          </Button>
        </div>
      )}
    </div>
  )
}
