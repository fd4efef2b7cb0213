import { useState } from 'react'
import { useCall, useWatch } from '../../../api/host.tsx'
import { ErrorNote } from '../../../parts/error-note.tsx'
import { paths } from '../../../routes.ts'
import { Button } from '../../../ui/button.tsx'
import { useWords } from '../../../words.tsx'

/** What to do with an address: keep it where a device answers that is not looked at yet, else find out what is wrong. */
export function PlaceActions(props: { readonly address: string; readonly isDevice: boolean }) {
  const { address, isDevice } = props
  const { say } = useWords()
  const add = useCall('devices.addAddress')
  const [added, setAdded] = useState(false)
  const places = useWatch('devices.addresses', null).value ?? []
  const isKept = places.some((place) => place.address === address)
  const keep = async () => {
    if ((await add.call({ address })) !== undefined) setAdded(true)
  }
  return (
    <>
      <div className="row">
        {isDevice && !isKept && (
          <Button icon="link" busy={add.busy} onPress={() => void keep()}>
            {say('find.keep', { address })}
          </Button>
        )}
        {!isDevice && (
          <Button kind="flat" icon="diagnosis" href={paths.doctor(address)}>
            {say('find.doctorOf', { address })}
          </Button>
        )}
      </div>
      {added && (
        <p className="quiet small" role="status">
          {say('find.kept')}
        </p>
      )}
      {add.error && <ErrorNote error={add.error} announce />}
    </>
  )
}
