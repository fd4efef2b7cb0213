import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import './slide-confirm.css'

/** One key press moves this far, percent: a held arrow key takes about two seconds from end to end. */
const KEY_STEP = 4
/** An unfinished slide goes back when no key came for this long, ms: single presses may add up. */
const KEY_IDLE_MS = 2000
/** Let go further than this and it counts, percent. */
const DONE_AT = 96

export interface SlideConfirmProps {
  /** What sliding does, as a verb: "Restart crane-07". */
  readonly label: string
  /** How to do it, for those who do not see a slider: "Slide to the right, or hold the right arrow key." */
  readonly hint: string
  readonly onConfirm: () => void
  readonly disabled?: boolean
  readonly tone?: 'accent' | 'alarm'
}

/**
 * For acts that cannot be taken back. OpenBridge's slide button can only be dragged; this one looks like
 * it and works by keyboard and with a screen reader too. No single click, tap or key press completes it:
 * not Enter, not Space, not End, not a click at the far end.
 */
export function SlideConfirm(props: SlideConfirmProps) {
  const hintId = useId()
  const track = useRef<HTMLDivElement>(null)
  const grip = useRef<HTMLDivElement>(null)
  const dragFrom = useRef<number | null>(null)
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [percent, setPercent] = useState(0)
  const [dragging, setDragging] = useState(false)
  useEffect(() => () => clearTimeout(idle.current), [])

  const back = () => {
    clearTimeout(idle.current)
    setPercent(0)
  }
  const confirm = () => {
    back()
    props.onConfirm()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab' || event.key === 'Escape') return
    event.preventDefault()
    if (props.disabled) return
    if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') return back()
    if (event.key !== 'ArrowRight') return
    const next = percent + KEY_STEP
    if (next >= 100) return confirm()
    setPercent(next)
    clearTimeout(idle.current)
    idle.current = setTimeout(back, KEY_IDLE_MS)
  }

  const room = () => (track.current?.clientWidth ?? 0) - (grip.current?.offsetWidth ?? 0)
  const onPointerDown = (event: PointerEvent) => {
    if (props.disabled || event.button !== 0) return
    dragFrom.current = event.clientX
    event.currentTarget.setPointerCapture(event.pointerId)
    setDragging(true)
  }
  const onPointerMove = (event: PointerEvent) => {
    if (dragFrom.current === null) return
    const share = ((event.clientX - dragFrom.current) / Math.max(1, room())) * 100
    setPercent(Math.min(100, Math.max(0, share)))
  }
  const onPointerEnd = (event: PointerEvent) => {
    if (dragFrom.current === null) return
    dragFrom.current = null
    setDragging(false)
    if (event.type === 'pointerup' && percent >= DONE_AT) confirm()
    else back()
  }

  return (
    <div
      ref={track}
      className={`slide ${props.tone ?? 'accent'} ${props.disabled ? 'disabled' : ''} ${dragging ? 'dragging' : ''}`}
      role="slider"
      tabIndex={props.disabled ? -1 : 0}
      aria-label={props.label}
      aria-describedby={hintId}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-disabled={props.disabled === true}
      onKeyDown={onKeyDown}
      onBlur={back}
    >
      <div className="slide-fill" style={{ width: `calc(${percent}% + ${(1 - percent / 100) * 4}rem)` }} />
      <span className="slide-label">{props.label}</span>
      <div
        ref={grip}
        className="slide-grip"
        style={{ left: `${percent}%`, transform: `translateX(-${percent}%)` }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
      >
        <Icon name="slide" />
      </div>
      <span id={hintId} className="visually-hidden">
        {props.hint}
      </span>
    </div>
  )
}
