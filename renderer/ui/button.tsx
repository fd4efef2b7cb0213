import { ButtonVariant } from '@oicl/openbridge-webcomponents/dist/components/button/button.js'
import { IconButtonVariant } from '@oicl/openbridge-webcomponents/dist/components/icon-button/icon-button.js'
import { ObcButton } from '@oicl/openbridge-webcomponents-react/components/button/button'
import { ObcIconButton } from '@oicl/openbridge-webcomponents-react/components/icon-button/icon-button'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import './button.css'

/** `primary`: the one next step of a card. `normal`: another choice. `flat`: small things in rows. */
export type ButtonKind = 'primary' | 'normal' | 'flat'

const VARIANTS = { primary: ButtonVariant.raised, normal: ButtonVariant.normal, flat: ButtonVariant.flat } as const

export interface ButtonProps {
  readonly children: ReactNode
  readonly onPress?: () => void
  readonly kind?: ButtonKind
  readonly icon?: IconName
  readonly disabled?: boolean
  /** It was pressed and is not done: pressing again would do it twice. */
  readonly busy?: boolean
  /** Goes to another place instead of acting. */
  readonly href?: string
  readonly wide?: boolean
}

export function Button(props: ButtonProps) {
  const off = props.disabled === true || props.busy === true
  const href = props.href === undefined || off ? {} : { href: props.href }
  return (
    <ObcButton
      {...href}
      className={`button ${props.wide ? 'wide' : ''}`}
      variant={VARIANTS[props.kind ?? 'normal']}
      fullWidth={props.wide === true}
      disabled={off}
      showLeadingIcon={props.icon !== undefined || props.busy === true}
      onClick={() => {
        if (!off) props.onPress?.()
      }}
    >
      {props.busy ? (
        <span slot="leading-icon" className="spinner" />
      ) : (
        props.icon && <Icon name={props.icon} slot="leading-icon" />
      )}
      {props.children}
    </ObcButton>
  )
}

export interface IconButtonProps {
  /** What it does, for screen readers and as a tooltip. */
  readonly label: string
  readonly icon: IconName
  readonly onPress: () => void
  readonly disabled?: boolean
}

export function IconButton(props: IconButtonProps) {
  return (
    <ObcIconButton
      variant={IconButtonVariant.flat}
      disabled={props.disabled === true}
      title={props.label}
      onClick={() => {
        if (!props.disabled) props.onPress()
      }}
    >
      <Icon name={props.icon} />
      <span className="visually-hidden">{props.label}</span>
    </ObcIconButton>
  )
}
