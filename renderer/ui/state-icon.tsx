import './state-icon.css'

/**
 * The states a thing can be in, each with a shape of its own so that colour is never the only carrier.
 * `alarm`, `warning` and `caution` have the shapes that bridge alerts have: triangle, circle, square.
 */
export type Tone = 'good' | 'busy' | 'next' | 'alarm' | 'warning' | 'caution' | 'person' | 'unknown' | 'away' | 'idle'

const SHAPES: Readonly<Record<Tone, { readonly body: string; readonly mark?: string; readonly outline?: boolean }>> = {
  good: { body: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Z', mark: 'm7.5 12.3 3 3 6-6.4' },
  busy: { body: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z', outline: true },
  next: { body: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z', mark: 'M12 16.5v-9M8.5 11 12 7.5l3.5 3.5', outline: true },
  alarm: { body: 'M12 2 23 21.5H1Z', mark: 'M12 9v6M12 17.6v1.2' },
  warning: { body: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Z', mark: 'M12 6.5v7M12 16.2v1.4' },
  caution: { body: 'M3 3h18v18H3Z', mark: 'M12 6.5v7M12 16.2v1.4' },
  person: { body: 'M12 1.5 22.5 12 12 22.5 1.5 12Z', mark: 'M12 7v6M12 15.6v1.3' },
  unknown: {
    body: 'M12 1.5 22.5 12 12 22.5 1.5 12Z',
    mark: 'M9.8 9.8c0-1.3 1-2.2 2.2-2.2s2.2.8 2.2 2c0 1.7-2.2 1.8-2.2 3.6M12 15.8v1.2',
    outline: true,
  },
  away: { body: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z', outline: true },
  idle: { body: 'M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12Z', outline: true },
}

export function StateIcon(props: { readonly tone: Tone; readonly size?: 'small' | 'large' }) {
  const shape = SHAPES[props.tone]
  return (
    <svg
      className={`state-icon ${props.tone} ${props.size ?? ''} ${shape.outline ? 'outline' : ''}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path className="body" d={shape.body} />
      {shape.mark && <path className="mark" d={shape.mark} />}
    </svg>
  )
}
