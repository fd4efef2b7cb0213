import type { LinkKind } from '../../shared/model/device.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import './link-label.css'

const ICONS: Readonly<Record<LinkKind, IconName>> = {
  serial: 'link',
  udp: 'network',
  http: 'network',
  ssh: 'network',
  usb: 'usb',
  memory: 'simulation',
}

/** How a device is connected: the kind as a picture and a word, the address as far as a person needs it. */
export function LinkLabel(props: { readonly link: { readonly kind: LinkKind; readonly address: string } }) {
  const { say } = useWords()
  const { kind, address } = props.link
  const plain = address.replace(/^(?:serial:|udp:\/\/|https?:\/\/|ssh:\/\/|usb:|sim:)/, '')
  return (
    <span className="link-label" title={`${say(`common.${kind}`)} ${plain}`}>
      <Icon name={ICONS[kind]} size="small" />
      <span className="visually-hidden">{say(`common.${kind}`)} </span>
      {/* The folder of a serial port is the same for all of them; its name is what tells them apart. */}
      <span>{kind === 'serial' ? plain.replace(/^.*\//, '') : plain}</span>
    </span>
  )
}
